package dev.banyan.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Tables for tests, as short as files. */
public final class Tables {
    private final SortedMap<String, Route> routes = new TreeMap<>();
    private PathRules rules = PathRules.RAILS;
    private Flags flags = Flags.NONE;

    public static Tables rails() {
        return new Tables();
    }

    public static Tables plain() {
        Tables tables = new Tables();
        tables.rules = PathRules.PLAIN;
        return tables;
    }

    public Tables with(RouteText... texts) {
        for (RouteText text : texts) {
            Route route = text.route();
            routes.put(route.id(), route);
        }
        return this;
    }

    public Tables frozen(boolean withWrites) {
        flags = flags.withFreeze(Optional.of(new Flag<>(new Freeze(withWrites), "ann", "test", Instant.EPOCH)));
        return this;
    }

    public Tables flagged(String routeId, UnaryOperator<RouteFlags> change) {
        flags = flags.with(routeId, change.apply(flags.of(routeId)));
        return this;
    }

    public RoutingTable table() {
        return RoutingTable.of(1, new BaseTable(rules, "rails", new TreeMap<>(), routes), flags);
    }

    /** {@code GET,POST /a/{id}/**}, or a path alone for any method. */
    public static RequestMatch match(String text) {
        int space = text.indexOf(' ');
        Set<String> methods =
                space < 0 ? Set.of() : Set.of(text.substring(0, space).split(",", -1));
        return new RequestMatch(methods, pattern(text.substring(space + 1)), Optional.empty(), List.of(), List.of());
    }

    public static RequestMatch on(String host, RequestMatch match) {
        return new RequestMatch(match.methods(), match.path(), Optional.of(host), match.headers(), match.query());
    }

    public static RequestMatch header(String name, String value, RequestMatch match) {
        return new RequestMatch(
                match.methods(),
                match.path(),
                match.host(),
                List.of(new RequestMatch.Condition(name, Optional.of(value))),
                match.query());
    }

    public static RequestMatch query(String name, RequestMatch match) {
        return new RequestMatch(
                match.methods(),
                match.path(),
                match.host(),
                match.headers(),
                List.of(new RequestMatch.Condition(name, Optional.empty())));
    }

    public static PathPattern pattern(String text) {
        boolean rest = text.endsWith("/**");
        String path = rest ? text.substring(0, text.length() - 3) : text;
        List<PathPattern.Segment> segments = new ArrayList<>();
        if (path.length() > 1) {
            for (String segment : path.substring(1).split("/", -1)) {
                segments.add(
                        segment.startsWith("{")
                                ? new PathPattern.Named(segment.substring(1, segment.length() - 1))
                                : new PathPattern.Literal(segment));
            }
        }
        return new PathPattern(segments, rest);
    }

    /** A route with its defaults, to be changed one key at a time. Sides are the upstreams {@code rails} and {@code modern}. */
    public static RouteText route(String id, String... matches) {
        List<RequestMatch> parsed = new ArrayList<>();
        for (String match : matches) {
            parsed.add(match(match));
        }
        return new RouteText(id, parsed);
    }

    /** A route being written. */
    public static final class RouteText {
        private final String id;
        private final List<RequestMatch> match;
        private final Map<String, String> keys = new TreeMap<>(Map.of("legacy", "rails", "modern", "modern"));

        RouteText(String id, List<RequestMatch> match) {
            this.id = id;
            this.match = new ArrayList<>(match);
        }

        public RouteText and(RequestMatch next) {
            match.add(next);
            return this;
        }

        public RouteText complete() {
            keys.remove("legacy");
            return this;
        }

        public RouteText legacyOnly() {
            keys.remove("modern");
            return this;
        }

        public RouteText legacy(String upstream) {
            return with("legacy", upstream);
        }

        public RouteText canary(int basisPoints) {
            return with("canary", new Share(basisPoints).toString());
        }

        public RouteText cohort(String next) {
            return with("cohort", next);
        }

        public RouteText pilots(String... pilots) {
            return with("pilots", listed(List.of(pilots)));
        }

        public RouteText stickBy(StickBy... sources) {
            return with("stick-by", listed(List.of(sources)));
        }

        public RouteText writes(Route.Writes next) {
            return with("writes", Words.of(next));
        }

        public RouteText fence(Duration next) {
            return with("fence", next.toMillis() + "ms");
        }

        public RouteText formats(String... suffixes) {
            return with("formats", listed(List.of(suffixes)));
        }

        public RouteText rewrite(String pattern) {
            return with("rewrite", QuotedText.always(pattern));
        }

        /** Any key, as a file says it. */
        public RouteText with(String key, String value) {
            keys.put(key, value);
            return this;
        }

        private static String listed(List<?> items) {
            return items.stream()
                    .map(item -> QuotedText.always(item.toString()))
                    .toList()
                    .toString();
        }

        public Route route() {
            List<String> matches = match.stream()
                    .map(one -> one.isPlain() ? QuotedText.always(one.toString()) : one.toString())
                    .toList();
            StringBuilder text = new StringBuilder("match: " + matches + "\n");
            keys.forEach(
                    (key, value) -> text.append(key).append(": ").append(value).append('\n'));
            return Routes.of(id, text.toString());
        }
    }
}
