package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        description = {
            "Shows who changed what, when, from where and why, newest first; refused attempts, too.",
            "Files that were taken are the change of files; requests without a valid token are counted by address."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan audit --route transactions --since 24h"})
final class AuditCommand implements Callable<Integer> {
    private static final int LARGEST_PAGE = 500;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many (default: 50).")
    private int limit;

    @Option(names = "--route", paramLabel = "ID", description = "Only what changed this route, or would have.")
    private @Nullable RouteId route;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only since then: so long ago, such as 2h or 7d, a day such as 2026-03-01, or a time in UTC%n"
                    + "such as 2026-03-01T12:00:00Z.")
    private @Nullable Since since;

    AuditCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit: " + limit + " (expected: at least 1)");
        }
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            ObjectNode found = read(admin);
            output.print(surroundings, found, lines(found));
        }
        return ExitCode.DONE;
    }

    /** Goes from page to page: one may end early where what is asked for is rare. */
    private ObjectNode read(AdminClient admin) throws CommandFailed {
        ObjectNode found = Json.object();
        ArrayNode entries = found.putArray("entries");
        String filter = (route == null ? "" : "&route=" + route)
                + (since == null ? "" : "&since=" + since.instant(surroundings.clock()));
        String before = "";
        boolean more = true;
        while (more && entries.size() < limit) {
            int wanted = Math.min(LARGEST_PAGE, limit - entries.size());
            JsonNode page = admin.get("/v1/audit?limit=" + wanted + before + filter);
            page.path("entries").forEach(entries::add);
            before = "&before=" + page.path("next").asText();
            more = page.has("next");
            found.remove("next");
            if (more) {
                found.set("next", page.path("next"));
            }
        }
        return found;
    }

    private List<String> lines(JsonNode found) {
        TextTable table = new TextTable("TIME", "WHO", "FROM", "WHAT", "WHY", "RESULT", "REVISION");
        for (JsonNode entry : found.path("entries")) {
            table.row(
                    Moment.local(entry.path("time"), surroundings.clock()),
                    entry.path("who").asText(),
                    entry.path("from").asText(),
                    entry.path("what").asText(),
                    entry.path("reason").asText(),
                    result(entry),
                    revision(entry));
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (found.has("next")) {
            lines.add("there are older ones: --limit " + limit * 2L + " shows more");
        }
        return lines;
    }

    private static String result(JsonNode entry) {
        String result = entry.path("result").asText();
        String problem = entry.path("problem").asText("");
        return problem.isEmpty() ? result : result + ": " + problem;
    }

    /** {@code 41 -> 42} where it made one. */
    private static String revision(JsonNode entry) {
        boolean made = entry.path("result").asText().equals("done") && entry.has("revision_after");
        return made
                ? entry.path("revision_before").asText() + " -> "
                        + entry.path("revision_after").asText()
                : TextTable.NOTHING;
    }
}
