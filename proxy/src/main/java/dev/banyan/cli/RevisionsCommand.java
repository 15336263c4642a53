package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "revisions",
        description = "Shows the table's versions, newest first: when, who, what and why.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan revisions --limit 5"})
final class RevisionsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many (default: 20).")
    private int limit;

    @Option(names = "--before", paramLabel = "REVISION", description = "Only those older than this one.")
    private @Nullable Long before;

    @Option(names = "--all-changes", description = "Show every change of a revision, not only the first.")
    private boolean allChanges;

    RevisionsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode page = admin.get("/v1/revisions?limit=" + limit + (before == null ? "" : "&before=" + before));
            List<String> lines = new ArrayList<>(lines(page));
            if (!output.json()) {
                lines.addAll(Standing.lines(admin.get("/v1/table")));
            }
            output.print(surroundings, page, lines);
        }
        return ExitCode.DONE;
    }

    private List<String> lines(JsonNode page) {
        TextTable table = new TextTable("REVISION", "TIME", "AUTHOR", "REASON", "CHANGES");
        page.path("revisions").forEach(revision -> addRows(table, revision));
        List<String> lines = new ArrayList<>(table.lines());
        if (page.has("next")) {
            lines.add("older ones: --before " + page.path("next").asText());
        }
        return lines;
    }

    /** One row, so that a table of many changes fits a screen; else the other changes stand under the first. */
    private void addRows(TextTable table, JsonNode revision) {
        List<String> changes = new ArrayList<>();
        revision.path("changes").forEach(change -> changes.add(change.asText()));
        table.row(
                revision.path("revision").asText(),
                Moment.local(revision.path("time"), surroundings.clock()),
                revision.path("author").asText(),
                revision.path("reason").asText(),
                firstLine(changes));
        if (allChanges) {
            changes.stream().skip(1).forEach(change -> table.row("", "", "", "", change));
        }
    }

    private String firstLine(List<String> changes) {
        if (changes.isEmpty()) {
            return "";
        }
        boolean whole = allChanges || changes.size() == 1;
        return whole ? changes.get(0) : changes.get(0) + ", and " + (changes.size() - 1) + " more";
    }
}
