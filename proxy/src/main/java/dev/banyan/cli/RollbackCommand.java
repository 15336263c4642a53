package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description = {
            "Makes a new revision with the content of an old one, and pins it.",
            "Changed files wait until `banyan unpin`. Owners and freezes stay as they are."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan rollback 41 --reason 'the canary step broke refunds'"})
final class RollbackCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private StrandingOptions stranding = new StrandingOptions();

    @Parameters(paramLabel = "N", description = "The revision to go back to; see `banyan revisions`.")
    private long revision;

    @Option(names = "--route", paramLabel = "R", description = "Only this route.")
    private @Nullable RouteId route;

    @Option(names = "--reason", paramLabel = "WHY", required = true, description = "Why; kept with the revision.")
    private String reason;

    RollbackCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object().put("revision", revision);
        if (route != null) {
            body.put("route", route.text());
        }
        body.put("reason", reason);
        stranding.addTo(body);
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.post("/v1/rollback", body);
            List<String> lines = new ArrayList<>(Change.lines(answer));
            if (answer.has("pinned_to")) {
                lines.add(Standing.pinned(answer.path("pinned_to").asLong()));
            }
            output.print(surroundings, answer, lines);
        }
        return ExitCode.DONE;
    }
}
