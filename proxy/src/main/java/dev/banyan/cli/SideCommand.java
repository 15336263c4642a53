package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.Span;
import dev.banyan.json.Json;
import dev.banyan.routing.Side;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "side",
        description = {
            "Hands out a signed header or cookie that forces requests of some routes to a side, until it expires.",
            "For a person who looks at modern before any user does. A freeze, a fence and the owner of writes win."
        },
        footerHeading = "%n",
        footer = {
            "Example:",
            "  banyan side modern --route transactions --for 4h",
            "  banyan side modern --route transactions --header"
        })
final class SideCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "SIDE", description = "legacy or modern.")
    private Side side;

    @Option(
            names = "--route",
            paramLabel = "ID",
            required = true,
            description = "For this route; give it again for more routes.")
    private List<RouteId> routes = List.of();

    @Option(
            names = "--for",
            paramLabel = "D",
            defaultValue = "1h",
            description = "How long it holds, such as 30m or 4h (default: 1h).")
    private Span holds;

    @Option(names = "--reason", paramLabel = "WHY", description = "Why; kept in the audit log.")
    private @Nullable String reason;

    @ArgGroup
    private @Nullable Form form;

    /** What alone is printed. */
    static final class Form {
        @Option(names = "--header", description = "Print the header's line only, for curl -H.")
        private boolean header;

        // What is not the header is the cookie.
        @SuppressWarnings("UnusedVariable")
        @Option(names = "--cookie", description = "Print the cookie only, as NAME=VALUE.")
        private boolean cookie;
    }

    SideCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode forced = admin.post("/v1/sides", body());
            output.print(surroundings, forced, lines(forced));
        }
        return ExitCode.DONE;
    }

    private ObjectNode body() {
        ObjectNode body = Json.object().put("side", side.word());
        ArrayNode ids = body.putArray("routes");
        routes.forEach(route -> ids.add(route.text()));
        body.put("for", holds.toString());
        if (reason != null) {
            body.put("reason", reason);
        }
        return body;
    }

    private List<String> lines(JsonNode forced) {
        String header = forced.at("/header/name").asText() + ": "
                + forced.at("/header/value").asText();
        String cookie = forced.at("/cookie/name").asText() + "="
                + forced.at("/cookie/value").asText();
        if (form != null) {
            return List.of(form.header ? header : cookie);
        }
        return List.of(
                side.word() + " until " + Moment.local(forced.path("expires"), surroundings.clock())
                        + "; send one of the two:",
                "header  " + header,
                "cookie  " + cookie);
    }
}
