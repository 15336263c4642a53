package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.decide.RequestLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An explanation for people, and the question that the admin API wants. */
final class ExplanationText {
    private ExplanationText() {}

    static ObjectNode question(RequestLine request) {
        ObjectNode question = Json.object();
        question.put("request", request.method() + " " + request.target());
        if (request.user() != null) {
            question.put("user", request.user());
        }
        if (request.tls()) {
            question.put("tls", true);
        }
        for (RequestLine.Field field : request.headers()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            question.withObject("/headers").put(name, request.header(name));
        }
        return question;
    }

    static List<String> lines(JsonNode explained) {
        List<String> lines = new ArrayList<>();
        for (String member : List.of("route", "side", "upstream", "reason", "bucket")) {
            JsonNode value = explained.path(member);
            if (value.isValueNode() && !value.isNull()) {
                lines.add(line(member, value.asText()));
            }
        }
        JsonNode sent = explained.path("sent");
        if (sent.isObject()) {
            lines.add(line(
                    "sent as",
                    sent.path("method").asText() + " " + sent.path("path").asText()));
        }
        JsonNode refused = explained.path("refused");
        if (refused.isObject()) {
            lines.add(line(
                    "refused",
                    refused.path("status").asText() + ": "
                            + refused.path("detail").asText()));
        }
        addUpstream(lines, explained.path("upstream_state"));
        addFlags(lines, explained.path("flags"));
        addCandidates(lines, explained.path("candidates"));
        lines.add("");
        int number = 0;
        for (JsonNode step : explained.path("steps")) {
            number++;
            lines.add("%2d. %s".formatted(number, TextTable.printable(step.asText())));
        }
        return lines;
    }

    private static void addUpstream(List<String> lines, JsonNode state) {
        if (state.has("breaker")) {
            lines.add(line("breaker", state.path("breaker").asText()));
        }
        for (JsonNode endpoint : state.path("endpoints")) {
            String standing = endpoint.path("state").asText("");
            lines.add(
                    line("endpoint", endpoint.path("address").asText() + (standing.isEmpty() ? "" : "  " + standing)));
        }
        if (state.path("endpoints").size() > 1 && state.has("chosen")) {
            lines.add(line("chosen", state.path("chosen").asText()));
        }
    }

    private static void addFlags(List<String> lines, JsonNode flags) {
        for (Map.Entry<String, JsonNode> flag : flags.properties()) {
            JsonNode value = flag.getValue();
            String share = value.has("percent") ? " " + value.path("percent").asText() + "%" : "";
            String told =
                    value.isObject() ? share + " (" + RouteStatus.FlagStatus.read(value) + ")" : " " + value.asText();
            lines.add(line("flag", flag.getKey().replace('_', ' ') + told));
        }
    }

    private static void addCandidates(List<String> lines, JsonNode candidates) {
        if (candidates.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("CANDIDATE", "MATCH", "WHY IT LOST");
        for (JsonNode candidate : candidates) {
            table.row(
                    candidate.path("route").asText(),
                    candidate.path("match").asText(),
                    candidate.path("lost").asText());
        }
        lines.add("");
        lines.addAll(table.lines());
    }

    private static String line(String member, String value) {
        return "%-9s %s".formatted(member, TextTable.printable(value));
    }
}
