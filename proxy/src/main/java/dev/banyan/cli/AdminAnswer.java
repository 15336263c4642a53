package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.json.Json;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From an admin API's answer to what it says, or to the refusal that it is. */
final class AdminAnswer {
    private static final Set<String> TOLD_FIRST =
            Set.of("type", "title", "status", "detail", "instance", "fix", "problems");

    private AdminAnswer() {}

    static JsonNode read(AdminAddress address, String asked, HttpResponse<?> response, byte[] body)
            throws CommandFailed {
        int status = response.statusCode();
        JsonNode content = parse(address, asked, status, body);
        if (status / 100 == 2) {
            return content;
        }
        if (!content.isObject() || !content.has("title")) {
            throw notOurs(address, asked, status);
        }
        throw CommandFailed.answered(lines(content, address, status), content);
    }

    private static JsonNode parse(AdminAddress address, String asked, int status, byte[] body) throws CommandFailed {
        if (body.length == 0 && status / 100 == 2) {
            return Json.object();
        }
        try {
            return Json.read(body);
        } catch (IOException e) {
            throw notOurs(address, asked, status);
        }
    }

    private static CommandFailed notOurs(AdminAddress address, String asked, int status) {
        return CommandFailed.because(
                address.origin() + " answered " + status + " to " + asked
                        + ", and not as a Banyan admin API does (from " + address.found() + ")",
                "check the address; the admin API is on port 9900 unless --admin-listen says otherwise");
    }

    /** Where, what, fix; then every other member, so that nothing the proxy said is lost. */
    private static List<String> lines(JsonNode problem, AdminAddress address, int status) {
        List<String> lines = new ArrayList<>();
        String title = text(problem, "title");
        String detail = text(problem, "detail");
        lines.add(
                detail.isEmpty()
                        ? title
                        : title.isEmpty() || detail.startsWith(title) ? detail : title + ": " + detail);
        problem.path("problems")
                .forEach(one ->
                        lines.add("- " + TextTable.printable(one.isTextual() ? one.asText() : Json.escaped(one))));
        String instance = text(problem, "instance");
        lines.add("where: " + address.origin() + instance + " answered " + status);
        for (Map.Entry<String, JsonNode> member : problem.properties()) {
            if (!TOLD_FIRST.contains(member.getKey())) {
                JsonNode value = member.getValue();
                lines.add(TextTable.printable(
                        member.getKey() + ": " + (value.isValueNode() ? value.asText() : Json.escaped(value))));
            }
        }
        String fix = text(problem, "fix");
        if (!fix.isEmpty()) {
            lines.add("fix: " + fix);
        } else if (status == 401) {
            lines.add("fix: name a file with a valid token by --token-file FILE");
        }
        return lines;
    }

    private static String text(JsonNode problem, String member) {
        return TextTable.printable(problem.path(member).asText(""));
    }
}
