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
        description = {
            "Shows what is different between two revisions, in the words of a routing file.",
            "With --json also each member as the admin API shows it, before and after."
        },
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
        List<String> lines = new ArrayList<>();
        diff.path("lines").forEach(line -> lines.add(TextTable.printable(line.asText())));
        return lines.isEmpty() ? List.of("revisions " + from + " and " + to + " are the same") : lines;
    }
}
