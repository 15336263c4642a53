package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A plan for people, as {@code POST /v1/plan} gives it. */
final class PlanText {
    private static final int MOST_RANGES = 8;

    private final JsonNode plan;
    private final List<String> lines = new ArrayList<>();

    private PlanText(JsonNode plan) {
        this.plan = plan;
    }

    static List<String> lines(JsonNode plan) {
        PlanText text = new PlanText(plan);
        text.refused();
        text.summary();
        plan.path("routes").forEach(text::route);
        text.all("", plan.path("others"));
        text.all("warning: ", plan.path("warnings"));
        text.all("note: ", plan.path("notes"));
        return text.lines.stream().map(TextTable::printable).toList();
    }

    private void refused() {
        all("", plan.path("problems"));
        if (!plan.path("possible").asBoolean()) {
            add("this would be refused");
        }
    }

    private void summary() {
        String revision = "revision " + plan.path("revision").asText();
        if (!plan.path("changes_anything").asBoolean()) {
            add(plan.path("possible").asBoolean() ? "no change against " + revision : "compared with " + revision);
            return;
        }
        JsonNode moved = plan.path("moved");
        add("against " + revision + ": moves " + requests(moved) + ", "
                + moved.path("share").asText() + "% of all " + counted(plan.path("counted")));
        if (!plan.path("counted").path("enough").asBoolean()) {
            add("no data to speak of: fewer than 100 requests were counted, so the numbers say little");
        }
    }

    private void route(JsonNode route) {
        add("");
        String squad = route.path("squad").asText();
        add(route.path("id").asText() + (squad.isEmpty() ? "" : " (" + squad + ")") + ": "
                + route.path("change").asText());
        all("  ", route.path("lines"));
        route.path("moves").forEach(this::move);
        JsonNode moved = route.path("moved");
        long requests = route.path("counted").path("requests").asLong();
        if (requests == 0) {
            add("  no data: no request of it was counted since "
                    + toTheSecond(route.path("counted").path("since").asText()));
        } else {
            add("  moves " + requests(moved) + ", "
                    + moved.path("share_of_route").asText() + "% of its " + counted(route.path("counted")) + ", "
                    + moved.path("share_of_all").asText() + "% of all");
        }
        if (route.has("reshuffles")) {
            add("  reshuffles: every user gets another bucket, because of "
                    + route.path("reshuffles").asText());
        }
        if (moved.path("expected_more").asLong() > 0) {
            add("  and about " + moved.path("expected_more").asText()
                    + " more by chance, of users whose bucket is not known");
        }
        for (JsonNode pilot : route.path("pilots")) {
            add("  pilot " + pilot.path("key").asText() + " (bucket "
                    + pilot.path("bucket").asText() + "): " + pilot.path("from").asText() + " -> "
                    + pilot.path("to").asText());
        }
        if (route.has("strands")) {
            add("  strands writes: " + route.path("strands").asText());
        }
        all("  note: ", route.path("notes"));
    }

    private void move(JsonNode move) {
        String way = target(move.path("from")) + " -> " + target(move.path("to"));
        if (!move.path("buckets").isEmpty()) {
            add("  buckets " + ranges(move.path("buckets")) + ": " + way + ", "
                    + move.path("buckets_seen").asText() + " of them seen");
        }
        if (move.path("without_bucket").asLong() > 0) {
            add("  " + move.path("without_bucket").asText() + " requests without a bucket: " + way);
        }
    }

    private static String ranges(JsonNode ranges) {
        List<String> words = new ArrayList<>();
        for (JsonNode range : ranges) {
            String first = range.path(0).asText();
            String last = range.path(1).asText();
            words.add(first.equals(last) ? first : first + ".." + last);
        }
        int more = words.size() - MOST_RANGES;
        return more <= 0
                ? String.join(", ", words)
                : String.join(", ", words.subList(0, MOST_RANGES)) + " and " + more + " more (see --json)";
    }

    private static String target(JsonNode target) {
        return target.path("side").asText() + " (" + target.path("upstream").asText() + ")";
    }

    private static String requests(JsonNode moved) {
        return moved.path("requests").asText() + " requests ("
                + moved.path("unsafe").asText() + " unsafe)";
    }

    private static String counted(JsonNode counted) {
        return counted.path("requests").asText() + " counted since "
                + toTheSecond(counted.path("since").asText());
    }

    private static String toTheSecond(String instant) {
        return instant.replaceFirst("\\.[0-9]+Z$", "Z");
    }

    private void all(String before, JsonNode texts) {
        texts.forEach(text -> add(before + text.asText()));
    }

    private void add(String line) {
        lines.add(line);
    }
}
