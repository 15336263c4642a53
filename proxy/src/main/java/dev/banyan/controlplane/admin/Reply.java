package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, ready to be written. */
record Reply(int status, String contentType, Buffer body, Map<String, String> headers) {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    static Reply json(int status, JsonNode body) {
        return new Reply(status, JSON, Buffer.buffer(Json.write(body)), Map.of());
    }

    static Reply ok(JsonNode body) {
        return json(200, body);
    }

    static Reply of(ProblemDetails problem) {
        return new Reply(problem.status(), PROBLEM, Buffer.buffer(Json.write(problem.json())), Map.of());
    }

    Reply with(String header, String value) {
        Map<String, String> next = new LinkedHashMap<>(headers);
        next.put(header, value);
        return new Reply(status, contentType, body, next);
    }

    /** @param tag without quotes */
    Reply tagged(String tag) {
        return with("ETag", '"' + tag + '"');
    }
}
