package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.HOUR;
import static dev.banyan.routing.keys.Kinds.SHARE;
import static dev.banyan.routing.keys.Kinds.duration;
import static dev.banyan.routing.keys.Kinds.freeText;
import static dev.banyan.routing.keys.Kinds.id;
import static dev.banyan.routing.keys.Kinds.many;
import static dev.banyan.routing.keys.Kinds.oneOf;
import static dev.banyan.routing.keys.Kinds.size;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Fallback;
import dev.banyan.routing.Route.Ramp;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every key of a route. From this table come the reading and the writing of files, what {@code plan} and {@code diff} tell, what the API
 * shows, the JSON Schema and {@code docs/routing-table.md}. A new key is a component of {@link Route} and a line here.
 */
public final class RouteKeys {
    private static final Kind<String> UPSTREAM_ID = id("write the id of an upstream");

    private static final Kind<Set<Integer>> STATUSES = new Many<>(
            RouteKeys::statuses,
            String::valueOf,
            status -> status,
            true,
            false,
            new Kind.Description(
                    "[ STATUS, ... ] from 400 to 599",
                    Schema.list(schema("type", "integer", "minimum", 400, "maximum", 599), "uniqueItems", true),
                    Schema.list(schema("type", "integer"))));

    private static final KeyTable.Builder<Fallback> FALLBACK_KEYS =
            KeyTable.of("fallback", "write { statuses: [ 502, 503, 504 ] }, or off");

    // spotless:off (one line per key)
    private static final Key<Fallback, Set<Integer>> LISTED = FALLBACK_KEYS.key("statuses", STATUSES, Fallback::statuses, Fallback.DEFAULT.statuses(), "[ 500, 502, 503, 504 ]", "Modern's answers in whose place legacy is asked, beside failures.");
    // spotless:on

    private static final Kind<Optional<Fallback>> FALLBACKS =
            Maybe.orOff(FALLBACK_KEYS.saidInFull().madeBy(given -> new Fallback(given.get(LISTED))));

    private static final Kind<Set<String>> FORMATS = many(
            RouteKeys::formats,
            "[ SUFFIX, ... ]",
            Schema.list(Schema.pattern("^[a-z0-9]{1,20}$"), "uniqueItems", true));

    static final Kind<PathPattern> PATH = Kinds.text(
            value -> value.text("write a path such as /v2/accounts/{id}")
                    .flatMap(text -> PatternReader.read(value, text)),
            "PATH",
            PatternReader.SCHEMA);

    private static final KeyTable.Builder<Route> ROUTE = KeyTable.of("a route", "write its keys below it, indented");

    // spotless:off (one line per key)
    static final Key<Route, List<RequestMatch>> MATCH = ROUTE.required("match", MatchReader.MATCHES, Route::match, "[ GET /api/accounts, GET /api/accounts/**, { methods: [ GET ], path: /api/beta, headers: { X-Beta: \"1\" } } ]", "What it covers. The most specific match of all routes wins; order never matters.");
    static final Key<Route, Optional<String>> LEGACY = ROUTE.maybe("legacy", UPSTREAM_ID, Route::legacy, "rails", "The upstream it comes from.");
    static final Key<Route, Optional<String>> MODERN = ROUTE.maybe("modern", UPSTREAM_ID, Route::modern, "accounts", "The upstream it goes to.");
    static final Key<Route, Share> CANARY = ROUTE.key("canary", SHARE, Route::canary, Share.NONE, "25%", "The share of users whose requests go to modern.");
    static final Key<Route, String> COHORT = ROUTE.derived("cohort", id("write a name such as wave-1"), Route::cohort, route -> usualCohort(route.modern(), route.id()), "wave-1", "Routes of one cohort move the same users together. Default: the modern upstream's id.");
    static final Key<Route, List<String>> PILOTS = ROUTE.key("pilots", StickByKinds.PILOTS, Route::pilots, List.of(), "[ user:42 ]", "Sticky keys that go to modern whatever the canary.");
    static final Key<Route, List<StickBy>> STICK_BY = ROUTE.key("stick-by", StickByKinds.STICK_BY, Route::stickBy, StickByKinds.DEFAULT, "[ user, header:X-User-Id, cookie ]", "What users are told apart by: the first that the request has.");
    static final Key<Route, Optional<Writes>> WRITES = ROUTE.maybe("writes", oneOf(Writes.class), Route::writes, "legacy", "Who owns the data, and so takes unsafe requests; either: both work on the same data. Required if unsafe methods match and the route has both sides; with one side that side owns it.");
    static final Key<Route, Duration> FENCE = ROUTE.key("fence", duration(Duration.ZERO, HOUR), Route::fence, Route.DEFAULT_FENCE, "30s", "How long after a write the same user's reads go where the write went.");
    static final Key<Route, Optional<Fallback>> FALLBACK = ROUTE.key("fallback", FALLBACKS, Route::fallback, Optional.of(Fallback.DEFAULT), "off", "Answering a read from legacy when modern failed.");
    static final Key<Route, Set<String>> SUFFIXES = ROUTE.key("formats", FORMATS, Route::formats, Set.of("json"), "[ json, csv ]", "With paths: rails, the format suffixes that modern serves.");
    static final Key<Route, Optional<PathPattern>> REWRITE = ROUTE.maybe("rewrite", PATH, Route::rewrite, "/v2/accounts", "The path sent to modern, from the match's names.");
    static final Key<Route, Shadow> SHADOW = ROUTE.key("shadow", ShadowKeys.TABLE, Route::shadow, Shadow.OFF, "{ share: 10% }", "Copies to the side that did not answer, whose answers are compared and thrown away.");
    static final Key<Route, Optional<Ramp>> RAMP = ROUTE.maybe("ramp", RampKeys.TABLE, Route::ramp, "{ steps: [ 1%, 100% ], gates: { errors: +0.5% } }", "The plan that raises the canary step by step; started by a command only.");
    static final Key<Route, Long> HOLD_BODY = ROUTE.key("hold-body", size(16 << 20, "every request under way may keep so much memory"), Route::holdBodyBytes, Route.DEFAULT_HOLD_BODY_BYTES, "1MiB", "The most that is kept of a request body to send it again.");
    static final Key<Route, Optional<String>> SQUAD = ROUTE.maybe("squad", freeText(100, "write a name such as payments"), Route::squad, "payments", "Who owns the route: any text, shown wherever routes are.");
    // spotless:on

    public static final KeyTable<Route> TABLE = ROUTE.hints(Map.ofEntries(
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
                    Map.entry("breaker", "write breaker under the upstream")))
            .checkedBy(RouteChecks::check)
            .schema(schema(
                    "anyOf",
                    List.of(schema("required", List.of(LEGACY.name())), schema("required", List.of(MODERN.name()))),
                    "required",
                    List.of(MATCH.name())))
            .madeBy(RouteKeys::route);

    private RouteKeys() {}

    private static Route route(Given<Route> given) {
        Optional<String> legacy = given.get(LEGACY);
        Optional<String> modern = given.get(MODERN);
        List<RequestMatch> match = given.said(MATCH).orElse(List.of());
        List<StickBy> stickBy = given.get(STICK_BY);
        return new Route(
                given.id(),
                match,
                legacy,
                modern,
                given.get(CANARY),
                given.said(COHORT).orElseGet(() -> usualCohort(modern, given.id())),
                StickByKinds.spelt(given.get(PILOTS), stickBy),
                stickBy,
                RouteChecks.owner(match, given.get(WRITES), given.has(LEGACY), given.has(MODERN)),
                given.get(FENCE),
                given.get(FALLBACK),
                given.get(SUFFIXES),
                given.get(REWRITE),
                given.get(SHADOW),
                given.get(RAMP),
                given.get(HOLD_BODY),
                given.get(SQUAD));
    }

    private static String usualCohort(Optional<String> modern, String id) {
        return modern.orElse(id);
    }

    private static Optional<Set<Integer>> statuses(Value value) {
        Set<Integer> read = new TreeSet<>();
        for (Value item : value.items("write a list such as [ 502, 503, 504 ]")) {
            Scalars.count(item, 400, 599).ifPresent(status -> {
                if (!read.add(status)) {
                    item.wrong(status + " stands here twice", "keep one of them");
                }
            });
        }
        return Optional.of(read);
    }

    private static Optional<Set<String>> formats(Value value) {
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
        return Optional.of(formats);
    }
}
