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
        name = "freeze",
        description = {
            "Sends a route, or everything that has a legacy side, to legacy now.",
            "Pilots, fenced and forced requests included. Unsafe requests stay with their owner unless --with-writes",
            "is given."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan freeze transactions --reason 'modern answers 500'", "  banyan freeze"})
final class FreezeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(arity = "0..1", paramLabel = "ROUTE", description = "The route's id; without it, everything.")
    private @Nullable RouteId route;

    @Option(names = "--with-writes", description = "Move unsafe requests, too: strands what was written to modern.")
    private boolean withWrites;

    @Option(names = "--reason", paramLabel = "WHY", description = "Why; kept with the revision.")
    private @Nullable String reason;

    FreezeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static String path(@Nullable RouteId route) {
        return route == null ? "/v1/freeze" : "/v1/routes/" + route + "/freeze";
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object().put("with_writes", withWrites);
        if (reason != null) {
            body.put("reason", reason);
        }
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.put(path(route), body);
            List<String> lines = new ArrayList<>(Change.lines(answer));
            JsonNode moved = answer.path("legacy_gets_per_second");
            if (moved.isNumber()) {
                lines.add("legacy gets " + moved.asText() + " requests/s that modern answered in the last minute");
            }
            lines.add("end it with `banyan thaw" + (route == null ? "" : " " + route) + "`");
            output.print(surroundings, answer, lines);
        }
        return ExitCode.DONE;
    }
}
