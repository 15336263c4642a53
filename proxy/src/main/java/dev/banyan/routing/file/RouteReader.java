package dev.banyan.routing.file;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Fallback;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Stated;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one route. */
final class RouteReader {
    static final Keys KEYS = Keys.of(
                    "a route",
                    "match",
                    "legacy",
                    "modern",
                    "canary",
                    "cohort",
                    "pilots",
                    "stick-by",
                    "writes",
                    "fence",
                    "fallback",
                    "formats",
                    "rewrite",
                    "shadow",
                    "ramp",
                    "hold-body")
            .withHints(Map.ofEntries(
                    Map.entry("path", "write match: [ \"GET /path\" ]"),
                    Map.entry("paths", "write match; paths stands at the top of one file"),
                    Map.entry("upstream", "write legacy or modern, by what it is"),
                    Map.entry("weight", "write canary"),
                    Map.entry("percent", "write canary"),
                    Map.entry("traffic", "write canary"),
                    Map.entry("sticky", "write stick-by"),
                    Map.entry("owner", "write writes"),
                    Map.entry("mirror", "write shadow"),
                    Map.entry("stage", "remove it; the stage follows from legacy, modern, canary and shadow"),
                    Map.entry("freeze", "remove it; banyan freeze ROUTE does that, at once"),
                    Map.entry("priority", "remove it; the most specific match wins, order never matters"),
                    Map.entry("order", "remove it; the most specific match wins, order never matters"),
                    Map.entry("timeout", "write timeouts under the upstream"),
                    Map.entry("timeouts", "write timeouts under the upstream"),
                    Map.entry("retries", "write retries under the upstream"),
                    Map.entry("breaker", "write breaker under the upstream")));

    private static final Map<String, Writes> WRITES =
            Map.of("legacy", Writes.LEGACY, "modern", Writes.MODERN, "either", Writes.EITHER);
    private static final Duration MOST_FENCE = Duration.ofHours(1);
    private static final long MOST_HOLD_BODY_BYTES = 16 << 20;

    private final String id;
    private final Section section;

    private RouteReader(String id, Section section) {
        this.id = id;
        this.section = section;
    }

    /**
     * @param at where its id stands
     */
    static RouteContent read(String id, Position at, Section section) {
        return new RouteReader(id, section).read(at);
    }

    private RouteContent read(Position at) {
        List<Stated<RequestMatch>> matches =
                section.get("match").map(MatchReader::list).orElse(List.of());
        Optional<String> legacy = upstream("legacy");
        Optional<String> modern = upstream("modern");
        List<StickBy> stickBy =
                section.get("stick-by").map(StickByReader::stickBy).orElse(StickByReader.DEFAULT);
        List<RequestMatch> match = matches.stream().map(Stated::value).toList();
        Route route = new Route(
                id,
                match,
                legacy,
                modern,
                section.get("canary").flatMap(Shares::read).orElse(Share.NONE),
                section.get("cohort")
                        .flatMap(value -> Names.id(value, "write a name such as wave-1"))
                        .or(() -> modern)
                        .orElse(id),
                section.get("pilots")
                        .map(value -> StickByReader.pilots(value, stickBy))
                        .orElse(List.of()),
                stickBy,
                section.get("writes").flatMap(value -> Scalars.word(value, WRITES)),
                section.get("fence")
                        .flatMap(value -> Scalars.duration(value, Duration.ZERO, MOST_FENCE))
                        .orElse(Route.DEFAULT_FENCE),
                section.get("fallback").map(RouteReader::fallback).orElse(Fallback.DEFAULT),
                section.get("formats").map(RouteReader::formats).orElse(Set.of("json")),
                section.get("rewrite").flatMap(value -> rewrite(value, match)),
                section.get("shadow").map(ShadowReader::read).orElse(Shadow.OFF),
                section.get("ramp").flatMap(RampReader::read),
                section.get("hold-body").flatMap(RouteReader::holdBody).orElse(Route.DEFAULT_HOLD_BODY_BYTES));
        return new RouteContent(RouteChecks.check(route, section), at, section, matches);
    }

    private Optional<String> upstream(String side) {
        return section.get(side).flatMap(value -> Names.id(value, "write the id of an upstream"));
    }

    private static Fallback fallback(Value value) {
        if (value.isWord("off")) {
            return Fallback.OFF;
        }
        String fix = "write { statuses: [ 502, 503, 504 ] }, or off";
        Optional<Value> statuses =
                value.section(Keys.of("fallback", "statuses"), fix).flatMap(section -> section.get("statuses"));
        if (statuses.isEmpty()) {
            return Fallback.DEFAULT;
        }
        Set<Integer> read = new TreeSet<>();
        for (Value item : statuses.get().items("write a list such as [ 502, 503, 504 ]")) {
            Scalars.count(item, 400, 599).ifPresent(status -> {
                if (!read.add(status)) {
                    item.wrong(status + " stands here twice", "keep one of them");
                }
            });
        }
        return new Fallback(true, read);
    }

    private static Set<String> formats(Value value) {
        String fix = "write suffixes without the dot, such as json";
        Set<String> formats = new TreeSet<>();
        for (Value item : value.items("write a list such as [ json ]")) {
            item.text(fix).ifPresent(text -> {
                if (!text.matches("[a-z0-9]{1,20}") && item.refused(Shown.text(text) + " is no format", fix)) {
                    return;
                }
                if (!formats.add(text)) {
                    item.wrong(text + " stands here twice", "keep one of them");
                }
            });
        }
        return formats;
    }

    private static Optional<PathPattern> rewrite(Value value, List<RequestMatch> matches) {
        return value.text("write a path such as /v2/accounts/{id}")
                .flatMap(text -> PatternReader.read(value, text))
                .filter(path -> {
                    Optional<RequestMatch> lacking = matches.stream()
                            .filter(match -> !match.path().segments().containsAll(names(path))
                                    || path.rest() && !match.path().rest())
                            .findFirst();
                    return lacking.isEmpty()
                            || !value.refused(
                                    "uses "
                                            + missing(path, lacking.get().path()) + ", which the match "
                                            + lacking.get().path() + " does not have",
                                    "use only what every match of the route has");
                });
    }

    private static List<PathPattern.Segment> names(PathPattern path) {
        return path.segments().stream()
                .filter(segment -> segment instanceof PathPattern.Named)
                .toList();
    }

    private static String missing(PathPattern rewrite, PathPattern match) {
        for (PathPattern.Segment segment : names(rewrite)) {
            if (segment instanceof PathPattern.Named named && !match.segments().contains(named)) {
                return "{" + named.name() + "}";
            }
        }
        return "/**";
    }

    private static Optional<Long> holdBody(Value value) {
        return Scalars.bytes(value)
                .filter(bytes -> bytes <= MOST_HOLD_BODY_BYTES
                        || !value.refused(
                                Scalars.sizeText(bytes)
                                        + " is too much: every request under way may keep so much memory",
                                "write at most " + Scalars.sizeText(MOST_HOLD_BODY_BYTES)));
    }
}
