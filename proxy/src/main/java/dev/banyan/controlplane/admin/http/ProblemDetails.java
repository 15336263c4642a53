package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a request was not done.
 *
 * @param type its name in the documentation: {@code stale-route}
 * @param detail what stood in the way this time, as a sentence
 * @param fix what to do instead; empty if there is nothing to do
 * @param more further members
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public record ProblemDetails(
        int status, String type, String title, String detail, String fix, Map<String, JsonNode> more) {

    public static ProblemDetails of(int status, String type, String title, String detail, String fix) {
        return new ProblemDetails(status, type, title, detail, fix, Map.of());
    }

    public ProblemDetails with(String member, JsonNode value) {
        Map<String, JsonNode> next = new LinkedHashMap<>(more);
        next.put(member, value);
        return new ProblemDetails(status, type, title, detail, fix, next);
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("type", "/problems/" + type);
        json.put("title", title);
        json.put("status", status);
        json.put("detail", detail);
        if (!fix.isEmpty()) {
            json.put("fix", fix);
        }
        more.forEach(json::set);
        return json;
    }
}
