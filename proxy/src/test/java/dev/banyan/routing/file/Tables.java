package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Fallback;
import dev.banyan.routing.Route.Gates;
import dev.banyan.routing.Route.Ramp;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.Upstream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Random good tables, with every key at times. */
public final class Tables {
    private static final List<String> IDS =
            List.of("rails", "accounts", "transactions", "123", "true", "null", "off", "-", "a-b", "0x1", "1e5", "y");

    private final Random random;

    private Tables(long seed) {
        this.random = new Random(seed);
    }

    public static BaseTable ofSeed(long seed) {
        return new Tables(seed).table();
    }

    private BaseTable table() {
        SortedMap<String, Upstream> upstreams = new TreeMap<>();
        for (int i = random.nextInt(2, 5); i > 0; i--) {
            String id = one(IDS);
            upstreams.put(id, upstream(id));
        }
        List<String> ids = List.copyOf(upstreams.keySet());
        PathRules paths = random.nextBoolean() ? PathRules.RAILS : PathRules.PLAIN;
        SortedMap<String, Route> routes = new TreeMap<>();
        for (int i = random.nextInt(0, 4); i > 0; i--) {
            String id = one(IDS);
            routes.put(id, route(id, ids, paths));
        }
        return new BaseTable(paths, one(ids), upstreams, routes);
    }

    private Upstream upstream(String id) {
        boolean tls = random.nextBoolean();
        return new Upstream(
                id,
                address(tls),
                one(List.of(Upstream.Protocol.HTTP1, tls ? Upstream.Protocol.H2 : Upstream.Protocol.H2C)),
                tls
                        ? new Upstream.Tls(
                                maybe(Path.of("/etc/ca " + random.nextInt(9) + ".pem")), maybe("rails.internal"))
                        : Upstream.Tls.SYSTEM,
                one(List.of(Upstream.Balance.values())),
                new Upstream.Timeouts(millis(60_000), millis(60_000), seconds(3600), maybe(seconds(86_400))),
                usually(Upstream.DEFAULT_KEEP_ALIVE, seconds(3600)),
                usually(
                        Upstream.Limits.DEFAULT,
                        new Upstream.Limits(random.nextInt(1, 1000), random.nextInt(0, 1000), millis(1000))),
                usually(
                        Upstream.Retries.DEFAULT,
                        new Upstream.Retries(random.nextInt(0, 11), share(), random.nextInt(0, 1000))),
                usually(
                        Upstream.Breaker.DEFAULT,
                        new Upstream.Breaker(someShare(), random.nextInt(1, 1000), millis(100_000))),
                maybe(new Upstream.Health(
                        "/up?x=" + random.nextInt(9),
                        millis(5000).plusMillis(100),
                        1 + random.nextInt(9),
                        1 + random.nextInt(3))),
                usually(Upstream.Outlier.DEFAULT, new Upstream.Outlier(random.nextInt(1, 99), seconds(600), share())));
    }

    private Upstream.Address address(boolean tls) {
        if (random.nextInt(4) == 0) {
            return new Upstream.Dns(new Endpoint(tls, "accounts.internal", random.nextInt(1, 65_536)));
        }
        Set<Endpoint> endpoints = new java.util.LinkedHashSet<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            endpoints.add(new Endpoint(
                    tls,
                    one(List.of("127.0.0.1", "::1", "fe80::1:2", "rails_1", "a.example.com")),
                    random.nextInt(1, 65_536)));
        }
        return new Upstream.Fixed(List.copyOf(endpoints));
    }

    private Route route(String id, List<String> upstreams, PathRules paths) {
        List<RequestMatch> matches = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            matches.add(match(id, i, paths));
        }
        boolean both = upstreams.size() > 1 && random.nextInt(3) > 0;
        boolean hasLegacy = both || random.nextBoolean();
        Optional<String> legacy = hasLegacy ? Optional.of(upstreams.get(0)) : Optional.empty();
        Optional<String> modern =
                both || !hasLegacy ? Optional.of(upstreams.get(upstreams.size() - 1)) : Optional.empty();
        List<StickBy> stickBy = stickBy();
        Optional<Writes> writes = matches.stream().anyMatch(RequestMatch::coversUnsafe)
                ? Optional.of(writes(legacy, modern))
                : Optional.empty();
        return new Route(
                id,
                matches,
                legacy,
                modern,
                modern.isPresent() ? share() : Share.NONE,
                usually(modern.orElse(id), one(IDS)),
                pilots(stickBy),
                stickBy,
                writes,
                usually(Route.DEFAULT_FENCE, seconds(3600)),
                one(List.of(
                        Optional.of(Fallback.DEFAULT),
                        Optional.<Fallback>empty(),
                        Optional.of(new Fallback(Set.of())),
                        Optional.of(new Fallback(Set.of(500))))),
                usually(Set.of("json"), random.nextBoolean() ? Set.of() : Set.of("xml", "json", "123")),
                maybe(new PathPattern(List.of(new PathPattern.Literal("v2"), new PathPattern.Named("id")), false)),
                usually(
                        Shadow.OFF,
                        shadow(
                                !both
                                        || writes.filter(who -> who != Writes.LEGACY)
                                                .isEmpty(),
                                writes.filter(who -> who == Writes.MODERN).isEmpty())),
                maybe(ramp()),
                usually(Route.DEFAULT_HOLD_BODY_BYTES, (long) random.nextInt(0, 16 << 20)),
                maybe(one(List.of("payments", "Squad 7: \u00e9, \"money\" # 1", "true"))));
    }

    private Writes writes(Optional<String> legacy, Optional<String> modern) {
        if (legacy.isEmpty()) {
            return Writes.MODERN;
        }
        return modern.isEmpty() ? Writes.LEGACY : one(List.of(Writes.values()));
    }

    /** The first two segments are no other match's, so that none is ambiguous. */
    private RequestMatch match(String route, int number, PathRules paths) {
        List<PathPattern.Segment> segments = new ArrayList<>();
        segments.add(new PathPattern.Literal(route));
        segments.add(new PathPattern.Literal("m" + number));
        segments.add(new PathPattern.Named("id"));
        if (random.nextBoolean()) {
            segments.add(new PathPattern.Literal(
                    one(List.of("a.json", "x%C3%A9", "(b)", "a:b", "~me", "a;b", "%20", "a%7Bb", "@'", "..."))));
        }
        boolean rest = random.nextInt(4) == 0;
        if (paths == PathRules.PLAIN && !rest && random.nextInt(4) == 0) {
            segments.add(new PathPattern.Literal(""));
        }
        boolean conditions = random.nextInt(3) == 0;
        return new RequestMatch(
                methods(),
                new PathPattern(segments, rest),
                conditions ? maybe(one(List.of("*.example.com", "shop.example.com", "127.0.0.1"))) : Optional.empty(),
                conditions ? conditions(List.of("x-beta", "accept")) : List.of(),
                conditions
                        ? conditions(List.of("v", "a b", "null", "{x}", "\u00e9\u2028\u0000\ud83d\ude00"))
                        : List.of());
    }

    private Set<String> methods() {
        Set<String> methods = new TreeSet<>();
        for (int i = random.nextInt(0, 4); i > 0; i--) {
            methods.add(one(List.of("GET", "HEAD", "POST", "DELETE", "PROPFIND", "M-SEARCH", "TRUE")));
        }
        return methods;
    }

    private List<Condition> conditions(List<String> names) {
        List<Condition> conditions = new ArrayList<>();
        for (String name : names) {
            if (random.nextBoolean()) {
                conditions.add(new Condition(
                        name, maybe(one(List.of("1", "true", "a b", "", "null", "x: \"y\" # \\", "*a")))));
            }
        }
        return conditions;
    }

    private List<StickBy> stickBy() {
        return one(List.of(
                List.of(new StickBy.User(), new StickBy.Cookie()),
                List.of(new StickBy.Request()),
                List.of(new StickBy.Header("X-User-Id"), new StickBy.User(), new StickBy.Ip())));
    }

    private List<String> pilots(List<StickBy> stickBy) {
        return stickBy.contains(new StickBy.User()) && random.nextBoolean()
                ? List.of("user:42", "user:a b: \"c\"", "X-Other:{}")
                : List.of();
    }

    private Shadow shadow(boolean writesMayBeCopied, boolean mayBeReadBack) {
        boolean unsafe = writesMayBeCopied && random.nextBoolean();
        return new Shadow(
                share(),
                unsafe ? Shadow.Of.MODERN : one(List.of(Shadow.Of.values())),
                unsafe ? Set.of("GET", "POST") : Set.of("GET", "HEAD"),
                unsafe,
                one(List.of(
                        Shadow.Noise.AUTO,
                        Shadow.Noise.OFF,
                        new Shadow.Noise(false, new Share(random.nextInt(1, 10_001))))),
                usually(Duration.ZERO, millis(20_000)),
                one(List.of(Shadow.Preset.values())),
                random.nextBoolean()
                        ? List.of()
                        : List.of(
                                Route.Ignored.of("$.generated_at"),
                                Route.Ignored.of("$['a b'][*]"),
                                Route.Ignored.of("#orders > tr:nth-child(2) td.amount @title"),
                                new Route.Ignored(
                                        "header etag",
                                        maybe(LocalDate.of(2027, 2, random.nextInt(1, 29))),
                                        maybe(one(List.of("\u00e9: \"x\" # 1", "MON-12", "true"))))),
                random.nextBoolean() ? List.of() : List.of("$", "$..items"),
                maybe(random.nextInt(0, 1_000_000) / 1_000_000.0),
                usually(Share.NONE, someShare()),
                usually(Share.NONE, someShare()),
                mayBeReadBack
                        ? maybe(new Shadow.ReadBack(
                                maybe(new PathPattern(List.of(new PathPattern.Literal("profile")), false)),
                                Duration.ofMillis(random.nextInt(10, 5_001))))
                        : Optional.empty(),
                random.nextBoolean());
    }

    private Ramp ramp() {
        TreeSet<Share> steps = new TreeSet<>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            steps.add(someShare());
        }
        return new Ramp(
                List.copyOf(steps),
                usually(Ramp.DEFAULT_HOLD, seconds(86_400).plusSeconds(1)),
                new Gates(maybe(share()), maybe(random.nextInt(100, 9900) / 100.0), maybe(someShare())),
                one(List.of(Ramp.OnFailure.values())),
                maybe("X-Version"));
    }

    private Share share() {
        return new Share(random.nextInt(0, 10_001));
    }

    private Share someShare() {
        return new Share(random.nextInt(1, 10_001));
    }

    private Duration millis(int most) {
        return Duration.ofMillis(random.nextInt(1, most));
    }

    private Duration seconds(int most) {
        return Duration.ofSeconds(random.nextInt(1, most));
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private <T> T usually(T usual, T other) {
        return random.nextBoolean() ? usual : other;
    }
}
