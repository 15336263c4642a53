package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "known",
        description = {
            "Says that a difference is known, so that it does not count until a day; with --clear, that it is not any more.",
            "It is still compared and shown, as known. What was counted before does not count any more."
        },
        footerHeading = "%n",
        footer = {
            "Examples:",
            "  banyan parity known transactions '$.items[*].amount' --owner squad-money --until 2027-01-31 --why MON-12",
            "  banyan parity known transactions '$.items[*].amount' --clear --why mended"
        })
final class ParityKnownCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route's id.")
    private RouteId route;

    @Parameters(index = "1", paramLabel = "FIELD", description = "As banyan parity names it, in quotes.")
    private String field;

    @Option(names = "--owner", paramLabel = "WHO", description = "Who mends it, or says that it is right so.")
    private @Nullable String owner;

    @Option(names = "--until", paramLabel = "DAY", description = "The last day on which it is known: 2027-01-31.")
    private @Nullable String until;

    @Option(names = "--why", paramLabel = "WHY", description = "Why; kept with the revision.")
    private @Nullable String why;

    @Option(names = "--clear", description = "It is not known any more, and counts again.")
    private boolean clear;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    ParityKnownCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object().put("field", field);
        if (clear) {
            if (why != null) {
                body.put("reason", why);
            }
        } else {
            body.put("owner", needed("--owner", owner)).put("until", needed("--until", until));
            body.put("reason", needed("--why", why));
        }
        String path = "/v1/routes/" + route + "/known";
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = clear ? admin.delete(path, body) : admin.put(path, body);
            output.print(
                    surroundings,
                    answer,
                    Change.lines(answer, clear ? "it is not known" : "it is known just so already"));
        }
        return ExitCode.DONE;
    }

    private String needed(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), name + ": missing (expected: --owner WHO --until DAY --why WHY, or --clear)");
        }
        return value;
    }
}
