package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.routing.decide.RequestLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        name = "explain",
        description = {
            "Says where a request would go, and why, step by step.",
            "Asks the running proxy, or with --routes a directory of files, where there are no flags."
        },
        footerHeading = "%n",
        footer = {
            "Example:",
            "  banyan explain 'GET /api/transactions/42' --user 7",
            "  banyan explain 'GET /api/transactions/42' --header 'X-User-Id: 7' --routes routes"
        })
final class ExplainCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "REQUEST", description = "Method and path in one word: 'GET /api/transactions/42'.")
    private String request;

    @Option(names = "--user", paramLabel = "U", description = "The user, as the session bridge would find it.")
    private @Nullable String user;

    @Option(names = "--header", paramLabel = "'N: V'", description = "A header of the request; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--routes", paramLabel = "DIR", description = "Ask these files instead of the running proxy.")
    private @Nullable Path routes;

    ExplainCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        RequestLine typed = typed();
        JsonNode explained =
                routes == null ? byTheProxy(typed) : FileExplanation.of(routes, typed, surroundings.clock());
        output.print(surroundings, explained, ExplanationText.lines(explained));
        return ExitCode.DONE;
    }

    private RequestLine typed() {
        try {
            RequestLine line = RequestLine.parse(request).withUser(user);
            for (String header : headers) {
                line = line.withHeader(header);
            }
            return line;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private JsonNode byTheProxy(RequestLine typed) throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            return admin.post("/v1/explain", ExplanationText.question(typed));
        }
    }
}
