package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Shows every token: whose it is, what it may do, until when. Never the token itself.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan token list"})
final class TokenListCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    TokenListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode tokens = admin.get("/v1/tokens");
            output.print(surroundings, tokens, lines(tokens));
        }
        return ExitCode.DONE;
    }

    private List<String> lines(JsonNode tokens) {
        TextTable table = new TextTable("ID", "NAME", "ROLE", "ROUTES", "CREATED", "EXPIRES");
        for (JsonNode token : tokens.path("tokens")) {
            table.row(
                    token.path("id").asText(),
                    token.path("name").asText(),
                    token.path("role").asText(),
                    routes(token),
                    Moment.local(token.path("created"), surroundings.clock()),
                    expires(token));
        }
        return table.lines();
    }

    private String expires(JsonNode token) {
        String local = Moment.local(token.path("expires"), surroundings.clock());
        return Moment.isOver(token.path("expires"), surroundings.clock()) ? local + ", over" : local;
    }

    /** {@code squad-money, operator, for transactions, until 2026-03-01T12:00:00Z}. */
    static String described(JsonNode token) {
        String routes = token.has("routes") ? ", for " + routes(token) : "";
        String until = token.has("expires") ? ", until " + token.path("expires").asText() : "";
        return token.path("name").asText() + ", " + token.path("role").asText() + routes + until;
    }

    private static String routes(JsonNode token) {
        List<String> routes = new ArrayList<>();
        token.path("routes").forEach(route -> routes.add(route.asText()));
        return routes.isEmpty() ? "all" : String.join(", ", routes);
    }
}
