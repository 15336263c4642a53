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
        name = "thaw",
        description = "Ends a freeze: of one route, or the one of everything.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan thaw transactions --reason 'fixed by 4f2c'"})
final class ThawCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(arity = "0..1", paramLabel = "ROUTE", description = "The route's id; without it, everything.")
    private @Nullable RouteId route;

    @Option(names = "--reason", paramLabel = "WHY", description = "Why; kept with the revision.")
    private @Nullable String reason;

    ThawCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object();
        if (reason != null) {
            body.put("reason", reason);
        }
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.delete(FreezeCommand.path(route), body);
            output.print(surroundings, answer, Change.lines(answer));
        }
        return ExitCode.DONE;
    }
}
