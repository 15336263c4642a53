package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.json.Json;
import java.util.List;
import picocli.CommandLine.Option;

/** How a command shows what it found. */
final class OutputOptions {
    @Option(names = "--json", description = "Print JSON, with the field names of the admin API.")
    private boolean json;

    boolean json() {
        return json;
    }

    void print(Surroundings surroundings, JsonNode whole, List<String> lines) {
        if (json) {
            surroundings.out().println(Json.escapedPretty(whole));
        } else {
            // At once: each println would reach the terminal, or a pipe, by a write of its own.
            surroundings.out().print(text(lines));
        }
        surroundings.out().flush();
    }

    private static String text(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append(System.lineSeparator()));
        return text.toString();
    }
}
