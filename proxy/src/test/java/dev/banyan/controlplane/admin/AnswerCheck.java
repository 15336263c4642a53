package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.controlplane.admin.OpenApiDocument.Described;
import dev.banyan.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds every answer that a test gets against openapi.yaml: its status, its media type and its body. */
final class AnswerCheck {
    /** What any operation may answer, as the document says at its beginning. */
    private static final Set<Integer> ANYWHERE = Set.of(400, 401, 403, 413, 415, 429, 500, 503, 504);

    private static final OpenApiDocument DOCUMENT = load();

    private AnswerCheck() {}

    /** The health listener has the operations that take no token. */
    enum Listener {
        ADMIN,
        HEALTH
    }

    static void check(Listener listener, String method, String target, int status, String contentType, String body) {
        String type = contentType.replaceAll(";.*", "").strip();
        String what = method + " " + target + ": " + status + " " + type + " " + body;
        Optional<Described> operation = DOCUMENT.operations().stream()
                .filter(one -> listener == Listener.ADMIN || one.isOpen())
                .filter(one -> one.method().equals(method.equals("HEAD") ? "GET" : method)
                        && path(target).matches(one.path().replaceAll("\\{[^}]+}", "[^/]+")))
                .min(Comparator.comparing(one -> one.path().contains("{")));
        JsonNode answer = operation
                .map(one -> DOCUMENT.resolve(one.json().path("responses").path(Integer.toString(status))))
                .filter(JsonNode::isObject)
                .orElseGet(() -> problem(operation, status, what));
        if (method.equals("HEAD")) {
            return;
        }
        JsonNode media = answer.path("content").path(type);
        if (media.isMissingNode()) {
            throw new AssertionError("a media type that openapi.yaml does not have: " + what);
        }
        if (type.endsWith("json")) {
            List<String> problems = DOCUMENT.problems(media.path("schema"), json(body));
            if (!problems.isEmpty()) {
                throw new AssertionError("not as openapi.yaml says: " + problems + " " + what);
            }
        }
    }

    private static JsonNode problem(Optional<Described> operation, int status, String what) {
        if (operation.isPresent() && !ANYWHERE.contains(status)) {
            throw new AssertionError("a status that openapi.yaml does not have: " + what);
        }
        return DOCUMENT.root.at("/components/responses/Problem");
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static JsonNode json(String body) {
        try {
            return Json.read(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }

    private static OpenApiDocument load() {
        try {
            return new OpenApiDocument();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
