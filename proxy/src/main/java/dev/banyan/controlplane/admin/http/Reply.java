package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An answer, ready to be written.
 *
 * @param body one behind the other
 * @param goesOn asked on the event loop before anything is written: takes the response over once the body was, or says why not; empty:
 *     the answer ends with the body
 */
public record Reply(
        int status,
        String contentType,
        List<Buffer> body,
        Map<String, String> headers,
        Optional<Function<HttpServerResponse, Optional<ProblemDetails>>> goesOn) {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    public Reply(int status, String contentType, Buffer body) {
        this(status, contentType, List.of(body));
    }

    public Reply(int status, String contentType, List<Buffer> body) {
        this(status, contentType, body, Map.of(), Optional.empty());
    }

    public static Reply json(int status, JsonNode body) {
        return new Reply(status, JSON, Pieces.of(body));
    }

    public static Reply ok(JsonNode body) {
        return json(200, body);
    }

    public static Reply of(ProblemDetails problem) {
        return new Reply(problem.status(), PROBLEM, Buffer.buffer(Json.write(problem.json())));
    }

    public static Reply stream(
            String contentType, String beginning, Function<HttpServerResponse, Optional<ProblemDetails>> goesOn) {
        return new Reply(200, contentType, List.of(Buffer.buffer(beginning)), Map.of(), Optional.of(goesOn));
    }

    Reply with(String header, String value) {
        Map<String, String> next = new LinkedHashMap<>(headers);
        next.put(header, value);
        return new Reply(status, contentType, body, next, goesOn);
    }

    /**
     * With an entity tag (RFC 9110, 8.8.3).
     *
     * @param tag without quotes
     */
    public Reply tagged(String tag) {
        return with("ETag", '"' + tag + '"');
    }
}
