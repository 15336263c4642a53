package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "clear",
        description = "Clears a route's shadow flag, so that what its file says holds again.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan shadow clear transactions"})
final class ShadowClearCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "ROUTE", description = "The route's id.")
    private RouteId route;

    @Option(names = "--reason", paramLabel = "WHY", description = "Why; kept with the revision.")
    private @Nullable String reason;

    ShadowClearCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object();
        if (reason != null) {
            body.put("reason", reason);
        }
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.delete("/v1/routes/" + route + "/shadow", body);
            output.print(surroundings, answer, Change.lines(answer, "there is no shadow flag"));
        }
        return ExitCode.DONE;
    }
}
