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
        name = "set",
        description = "Sets a route's canary by a flag, which lies over its file until it is cleared.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan canary set transactions 50%% --reason 'two clean days'"})
final class CanarySetCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private StrandingOptions stranding = new StrandingOptions();

    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route's id.")
    private RouteId route;

    @Parameters(index = "1", paramLabel = "PERCENT", description = "0%% to 100%%, in steps of 0.01%%.")
    private Percent percent;

    @Option(names = "--reason", paramLabel = "WHY", required = true, description = "Why; kept with the revision.")
    private String reason;

    CanarySetCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body =
                Json.object().put("percent", percent.share().percent()).put("reason", reason);
        stranding.addTo(body);
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.put("/v1/routes/" + route + "/canary", body);
            List<String> lines =
                    new ArrayList<>(Change.lines(answer, "the canary flag says " + percent.share() + " already"));
            lines.addAll(percent.taken());
            output.print(surroundings, answer, lines);
        }
        return ExitCode.DONE;
    }
}
