package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
            surroundings.out().println(Json.pretty(whole));
        } else {
            lines.forEach(surroundings.out()::println);
        }
        surroundings.out().flush();
    }
}
