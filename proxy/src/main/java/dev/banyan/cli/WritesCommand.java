package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "writes",
        description = {
            "Shows who owns each route's data, and so takes its unsafe requests.",
            "MODERN TOOK is what legacy knows nothing of: it would be stranded by moving the owner back."
        },
        footerHeading = "%n",
        footer = {
            "Example:",
            "  banyan writes",
            "  banyan writes move transactions modern --reason 'all readers are there'"
        })
final class WritesCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    private WritesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new WritesCommand(surroundings)).addSubcommand(new WritesMoveCommand(surroundings));
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode writes = admin.get("/v1/writes");
            output.print(surroundings, writes, lines(writes));
        }
        return ExitCode.DONE;
    }

    private static List<String> lines(JsonNode writes) {
        TextTable table = new TextTable("ROUTE", "OWNER", "GATE", "UNDER WAY", "MODERN TOOK");
        for (JsonNode route : writes.path("routes")) {
            table.row(
                    route.path("id").asText(),
                    route.path("owner").asText(),
                    route.path("gate").asText(TextTable.NOTHING),
                    underWay(route.path("under_way")),
                    taken(route.path("modern_took")));
        }
        List<String> lines = new ArrayList<>(table.lines());
        JsonNode moving = writes.path("moving");
        if (moving.isObject()) {
            lines.add("");
            lines.add(TextTable.printable("%s is being moved to %s, by %s since %s; its writes are refused meanwhile"
                    .formatted(
                            moving.path("route").asText(),
                            moving.path("owner").asText(),
                            moving.path("author").asText(),
                            moving.path("since").asText())));
        }
        return lines;
    }

    private static String underWay(JsonNode bySide) {
        if (!bySide.isObject()) {
            return TextTable.NOTHING;
        }
        long legacy = bySide.path("legacy").asLong();
        long modern = bySide.path("modern").asLong();
        return legacy == 0 && modern == 0 ? "0" : legacy + " legacy, " + modern + " modern";
    }

    private static String taken(JsonNode taken) {
        return taken.isObject()
                ? "%s%s writes of about %s users since revision %s"
                        .formatted(
                                taken.path("exact").asBoolean() ? "" : "at least ",
                                taken.path("writes").asText(),
                                taken.path("users").asText(),
                                taken.path("since_revision").asText())
                : TextTable.NOTHING;
    }
}
