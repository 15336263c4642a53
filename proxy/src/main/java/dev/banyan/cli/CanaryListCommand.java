package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Shows each route's canary: in force, in its file, and the flag between them.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan canary list"})
final class CanaryListCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    CanaryListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode table = admin.get("/v1/table");
            List<String> lines = new ArrayList<>(lines(table));
            lines.addAll(Standing.lines(table));
            output.print(surroundings, json(table), lines);
        }
        return ExitCode.DONE;
    }

    private static List<String> lines(JsonNode table) {
        TextTable canaries = new TextTable("ROUTE", "CANARY", "FILE", "FLAG");
        for (RouteStatus route : RouteStatus.readAll(table.path("routes"))) {
            canaries.row(
                    route.id(),
                    route.canary(),
                    route.canaryInFile(),
                    route.canaryFlag().map(RouteStatus.FlagStatus::toString).orElse("none"));
        }
        return canaries.lines();
    }

    /** Of the table, what is about canaries. */
    private static ObjectNode json(JsonNode table) {
        ObjectNode json = Json.object();
        for (String member : List.of("revision", "pinned_to", "freeze", "files")) {
            if (table.has(member)) {
                json.set(member, table.get(member));
            }
        }
        for (JsonNode route : table.path("routes")) {
            ObjectNode one = json.withArray("routes").addObject();
            one.set("id", route.path("id"));
            one.set("canary", route.path("canary"));
            one.putObject("base").set("canary", route.path("base").path("canary"));
            JsonNode flag = route.path("flags").path("canary");
            if (flag.isObject()) {
                one.putObject("flags").set("canary", flag);
            }
        }
        return json;
    }
}
