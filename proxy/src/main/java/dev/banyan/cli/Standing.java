package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What is in force against the files: pins, files held back or waiting, freezes, flags. Every view ends with it. */
final class Standing {
    private Standing() {}

    static String pinned(long revision) {
        return "pinned to revision " + revision
                + ": changed files wait until `banyan unpin`; flags and freeze go on working";
    }

    /** Of a table as {@code GET /v1/table} and {@code GET /v1/routes} give it; nothing if all is as the files say. */
    static List<String> lines(JsonNode table) {
        List<String> lines = new ArrayList<>();
        if (table.has("pinned_to")) {
            lines.add(pinned(table.path("pinned_to").asLong()));
        }
        table.path("not_kept").forEach(why -> lines.add(TextTable.printable(why.asText())));
        addFreezes(lines, table);
        addOverridden(lines, table);
        addFiles(lines, table.path("files"));
        if (!lines.isEmpty()) {
            lines.add(0, "");
        }
        return lines;
    }

    private static void addFreezes(List<String> lines, JsonNode table) {
        JsonNode all = table.path("freeze");
        if (all.isObject()) {
            lines.add("everything is frozen (" + RouteStatus.FlagStatus.read(all) + "); `banyan thaw` ends it");
        }
        for (JsonNode route : table.path("routes")) {
            JsonNode own = route.path("flags").path("freeze");
            if (own.isObject()) {
                String id = TextTable.printable(route.path("id").asText());
                lines.add(
                        id + " is frozen (" + RouteStatus.FlagStatus.read(own) + "); `banyan thaw " + id + "` ends it");
            }
        }
    }

    private static void addOverridden(List<String> lines, JsonNode table) {
        for (JsonNode route : table.path("routes")) {
            for (JsonNode overridden : route.path("overridden")) {
                String name = overridden.asText();
                JsonNode flag = route.path("flags").path(name);
                JsonNode base = route.path("base").path(name.equals("owner") ? "writes" : name);
                String unit = base.isNumber() ? "%" : "";
                lines.add(TextTable.printable(route.path("id").asText() + ": " + name + " is "
                        + route.path(name).asText() + unit + " by a flag"
                        + (flag.isObject() ? " (" + RouteStatus.FlagStatus.read(flag) + ")" : "") + ", its file says "
                        + base.asText() + unit));
            }
        }
    }

    private static void addFiles(List<String> lines, JsonNode files) {
        if (files.has("not_taken")) {
            lines.add("nothing is taken from the routes directory, what is in force goes on:");
            lines.add("  " + TextTable.printable(files.path("not_taken").asText()));
        }
        for (JsonNode heldBack : files.path("held_back")) {
            lines.add(TextTable.printable(heldBack.path("file").asText())
                    + " is held back; its last good content stays in force:");
            heldBack.path("problems").forEach(problem -> lines.add("  " + TextTable.printable(problem.asText())));
        }
        for (JsonNode waiting : files.path("waiting")) {
            lines.add(TextTable.printable(waiting.asText()) + " has changed and waits for `banyan unpin`");
        }
    }
}
