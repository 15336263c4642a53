package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.Span;
import dev.banyan.json.Json;
import dev.banyan.routing.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = {
            "Makes a token and prints it, this once: only its hash is kept.",
            "The token alone goes to standard output, how to use it to standard error."
        },
        footerHeading = "%n",
        footer = {
            "Example:",
            "  banyan token create --role operator --name squad-money --route transactions --route refunds --expires 90d",
            "  banyan token create --role viewer --name grafana"
        })
final class TokenCreateCommand implements Callable<Integer> {
    enum TokenRole {
        VIEWER,
        OPERATOR,
        ADMIN;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = "--role",
            paramLabel = "R",
            required = true,
            description = "What it may do: ${COMPLETION-CANDIDATES}.")
    private TokenRole role;

    @Option(
            names = "--name",
            paramLabel = "N",
            required = true,
            description = "Whose it is; stands in the audit log and as author of revisions.")
    private String name;

    @Option(
            names = "--route",
            paramLabel = "ID",
            description = "It may change this route only, for an operator; give it again for more routes.")
    private List<RouteId> routes = List.of();

    @Option(
            names = "--expires",
            paramLabel = "D",
            description = "After so long it is refused, such as 12h or 30d; without it, never.")
    private @Nullable Span expires;

    TokenCreateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode made = admin.post("/v1/tokens", body());
            output.print(surroundings, made, List.of(made.path("token").asText()));
            if (!output.json()) {
                tellHowToUse(made);
            }
        }
        return ExitCode.DONE;
    }

    private ObjectNode body() {
        ObjectNode body = Json.object().put("role", role.toString()).put("name", name);
        if (!routes.isEmpty()) {
            routes.forEach(route -> body.withArray("routes").add(route.text()));
        }
        if (expires != null) {
            body.put("expires", expires.toString());
        }
        return body;
    }

    private void tellHowToUse(JsonNode made) {
        List<String> lines = new ArrayList<>();
        lines.add("made token " + made.path("id").asText() + ": " + TokenListCommand.described(made));
        lines.add("it is shown this once; put it in a file that only its owner can read, then");
        lines.add("  banyan routes --admin URL --token-file FILE");
        lines.add("  curl -H \"Authorization: Bearer $(cat FILE)\" URL/v1/routes");
        lines.add("end it with `banyan token revoke " + made.path("id").asText() + "`");
        lines.forEach(line -> surroundings.err().println(TextTable.printable(line)));
        surroundings.err().flush();
    }
}
