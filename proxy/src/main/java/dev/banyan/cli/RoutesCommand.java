package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "routes",
        description = {
            "Shows each route with its stage, canary, owner and live traffic by side.",
            "Traffic is requests a second over the last minute; the owner is the side that takes unsafe requests."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan routes"})
final class RoutesCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    RoutesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode routes = admin.get("/v1/routes");
            List<String> lines = new ArrayList<>();
            lines.add("revision " + routes.path("revision").asText());
            lines.add("");
            lines.addAll(table(routes));
            lines.addAll(Standing.lines(routes));
            output.print(surroundings, routes, lines);
        }
        return ExitCode.DONE;
    }

    private static List<String> table(JsonNode routes) {
        TextTable table = new TextTable("ROUTE", "SQUAD", "STAGE", "CANARY", "OWNER", "LEGACY/S", "MODERN/S", "NOTE")
                .onlyIfTold("SQUAD");
        for (RouteStatus route : RouteStatus.readAll(routes.path("routes"))) {
            table.row(
                    route.id(),
                    route.squad(),
                    route.stage(),
                    route.canary(),
                    route.owner(),
                    route.perSecond("legacy"),
                    route.perSecond("modern"),
                    route.note());
        }
        JsonNode unmatched = routes.path("default");
        table.row(
                "default",
                TextTable.NOTHING,
                TextTable.NOTHING,
                TextTable.NOTHING,
                TextTable.NOTHING,
                unmatched.path("traffic").path("legacy").path("per_second").asText(TextTable.NOTHING),
                TextTable.NOTHING,
                unmatched.path("upstream").asText().isEmpty()
                        ? "there is no table yet"
                        : "all that no route matches: to "
                                + unmatched.path("upstream").asText());
        return table.lines();
    }
}
