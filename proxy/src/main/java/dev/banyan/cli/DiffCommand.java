package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = "Shows what is different between two revisions.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan diff 41 42"})
final class DiffCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "A", description = "A revision.")
    private long from;

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    private long to;

    DiffCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode diff = admin.get("/v1/diff?from=" + from + "&to=" + to);
            output.print(surroundings, diff, lines(diff));
        }
        return ExitCode.DONE;
    }

    private List<String> lines(JsonNode diff) {
        JsonNode changes = diff.path("changes");
        if (changes.isEmpty()) {
            return List.of("revisions " + from + " and " + to + " are the same");
        }
        List<String> lines = new ArrayList<>();
        lines.add("--- revision " + from);
        lines.add("+++ revision " + to);
        for (JsonNode change : changes) {
            lines.add(line("  ", thing(change) + member(change)));
            if (isThere(change.path("from"))) {
                lines.add(line("-   ", value(change, "from")));
            }
            if (isThere(change.path("to"))) {
                lines.add(line("+   ", value(change, "to")));
            }
        }
        return lines;
    }

    private static String thing(JsonNode change) {
        return change.path("of").asText()
                + (change.has("id") ? " " + change.path("id").asText() : "");
    }

    private static String member(JsonNode change) {
        return change.has("member")
                ? ": " + change.path("member").asText()
                : " " + change.path("change").asText();
    }

    private static boolean isThere(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private static String value(JsonNode change, String when) {
        JsonNode value = change.path(when);
        if (!value.isValueNode()) {
            return Json.compact(value);
        }
        String member = change.path("member").asText();
        boolean share = value.isNumber() && (member.equals("canary") || member.equals("shadow"));
        return value.asText() + (share ? "%" : "");
    }

    private static String line(String mark, String text) {
        return mark + TextTable.printable(text);
    }
}
