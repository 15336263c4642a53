package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.routing.decide.RequestLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        lines.add("");
        int number = 0;
        for (JsonNode step : explained.path("steps")) {
            number++;
            lines.add("%2d. %s".formatted(number, TextTable.printable(step.asText())));
        }
        return lines;
    }

    private static String line(String member, String value) {
        return "%-9s %s".formatted(member, TextTable.printable(value));
    }
}
