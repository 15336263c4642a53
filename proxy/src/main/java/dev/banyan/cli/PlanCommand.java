package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Shows what a directory's files would change against the running table, and whom they would move.",
            "Users are told by their buckets, requests as counted in the last hour. Changes nothing.",
            "Exit code: 0 it could be done, or there is nothing to do; 1 it would be refused; with --json,",
            "changes_anything tells the two apart."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan plan routes"})
final class PlanCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "DIR", description = "The directory with the routing table's files.")
    private Path directory;

    PlanCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        JsonNode files = DirectoryTexts.read(directory);
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode plan = admin.post("/v1/plan", files);
            output.print(surroundings, plan, PlanText.lines(plan));
            return plan.path("possible").asBoolean() ? ExitCode.DONE : ExitCode.REFUSED;
        }
    }
}
