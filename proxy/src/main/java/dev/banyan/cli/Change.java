package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What came of a change that was not refused, told to the person who asked for it. */
final class Change {
    private Change() {}

    static List<String> lines(JsonNode answer) {
        return lines(answer, "it is so already");
    }

    /** @param whyUnchanged what is so already, where nothing was left to do */
    static List<String> lines(JsonNode answer, String whyUnchanged) {
        String revision = "revision " + answer.path("revision").asText();
        if (!answer.path("changed").asBoolean(true)) {
            return List.of("nothing to change: " + whyUnchanged + ", in " + revision);
        }
        List<String> lines = new ArrayList<>();
        lines.add(revision + " is in force");
        answer.path("changes").forEach(change -> lines.add("  " + TextTable.printable(change.asText())));
        return lines;
    }
}
