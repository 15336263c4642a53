package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "apply",
        description = {
            "Makes a directory's files the base of the running table, all or none; for a proxy with --source api.",
            "Shows the plan first, and is refused if the table has changed since."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan apply routes --reason 'transactions to 30%%, parity holds'"})
final class ApplyCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "DIR", description = "The directory with the routing table's files.")
    private Path directory;

    @Option(names = "--reason", paramLabel = "WHY", required = true, description = "Why; kept with the revision.")
    private String reason;

    ApplyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = DirectoryTexts.read(directory);
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode plan = admin.post("/v1/plan", body);
            if (!output.json()) {
                PlanText.lines(plan).forEach(surroundings.out()::println);
                surroundings.out().println();
                surroundings.out().flush();
            }
            JsonNode answer = admin.postIfMatch(
                    "/v1/apply",
                    body.put("reason", reason),
                    plan.path("revision").asText());
            output.print(surroundings, answer, Change.lines(answer));
        }
        return ExitCode.DONE;
    }
}
