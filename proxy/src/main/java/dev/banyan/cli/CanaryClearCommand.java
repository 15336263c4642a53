package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "clear",
        description = "Clears a route's canary flag, so that what its file says holds again.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan canary clear transactions --reason 'the file says 50%% now'"})
final class CanaryClearCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private StrandingOptions stranding = new StrandingOptions();

    @Parameters(paramLabel = "ROUTE", description = "The route's id.")
    private RouteId route;

    @Option(names = "--reason", paramLabel = "WHY", required = true, description = "Why; kept with the revision.")
    private String reason;

    CanaryClearCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object().put("reason", reason);
        stranding.addTo(body);
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.delete("/v1/routes/" + route + "/canary", body);
            List<String> lines = new ArrayList<>(Change.lines(answer, "there is no canary flag"));
            if (!output.json()) {
                RouteStatus now = RouteStatus.read(admin.get("/v1/routes/" + route));
                lines.add(route + ": the canary is now " + now.canary() + ", as its file says");
            }
            output.print(surroundings, answer, lines);
        }
        return ExitCode.DONE;
    }
}
