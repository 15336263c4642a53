package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.Side;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "move",
        description = {
            "Moves the owner of a route's data to the other side.",
            "New unsafe requests get 503 and Retry-After meanwhile; those under way are waited for, then it swaps and opens",
            "again. Refused, and nothing moved, if they do not end in time or somebody changes the route meanwhile."
        },
        footerHeading = "%n",
        footer = {
            "Example:",
            "  banyan writes move transactions modern --reason 'all readers are there'",
            "  banyan writes move transactions legacy --reason 'refunds are wrong' --accept-stranded-writes"
        })
final class WritesMoveCommand implements Callable<Integer> {
    /** For asking, storing and answering, beside the wait. */
    private static final Duration BESIDE = Duration.ofSeconds(30);

    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private StrandingOptions stranding = new StrandingOptions();

    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route's id.")
    private RouteId route;

    @Parameters(index = "1", paramLabel = "SIDE", description = "legacy or modern.")
    private Side side;

    @Option(names = "--reason", paramLabel = "WHY", required = true, description = "Why; kept with the revision.")
    private String reason;

    @Option(
            names = "--readers-may-lag",
            description = "To modern although not all readers are there: they will not see what modern takes.")
    private boolean readersMayLag;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Seconds.class,
            description = "For unsafe requests under way, at most; 1s to 45s. Default: $${DEFAULT-VALUE}.")
    private Duration wait;

    WritesMoveCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object().put("owner", side.word()).put("reason", reason);
        if (readersMayLag) {
            body.put("readers_may_lag", true);
        }
        stranding.addTo(body);
        body.put("wait_seconds", wait.toSeconds());
        try (AdminClient admin = new AdminClient(proxy.locate(), wait.plus(BESIDE))) {
            JsonNode answer = admin.put("/v1/routes/" + route + "/owner", body);
            output.print(surroundings, answer, Change.lines(answer));
        }
        return ExitCode.DONE;
    }

    private static final class Seconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("[0-9]{1,2}s")) {
                throw new TypeConversionException("'" + text + "' is not a time to wait (expected: 1s to 45s)");
            }
            return Duration.ofSeconds(Integer.parseInt(text.substring(0, text.length() - 1)));
        }
    }
}
