package dev.banyan.controlplane.admin;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The money app's table, as values: transactions and accounts move, orders has its data with modern, profile is complete. */
final class Tables {
    private Tables() {}

    static BaseTable moneyApp() {
        return new BaseTable(
                PathRules.RAILS,
                "rails",
                new TreeMap<>(Map.of(
                        "rails", upstream("rails", 3000),
                        "transactions", upstream("transactions", 8082),
                        "accounts", upstream("accounts", 8081))),
                new TreeMap<>(Map.of(
                        "transactions", route("transactions", Optional.of("rails"), 25),
                        "accounts", route("accounts", Optional.of("rails"), 0),
                        "orders", orders(),
                        "profile", route("profile", Optional.empty(), 100))));
    }

    private static Route orders() {
        Route route = route("orders", Optional.of("rails"), 100);
        return new Route(
                route.id(),
                List.of(new RequestMatch(
                        Set.of("GET", "POST"),
                        route.match().get(0).path(),
                        Optional.of("shop.example"),
                        List.of(new RequestMatch.Condition("x-shop", Optional.of("1"))),
                        List.of(new RequestMatch.Condition("page", Optional.empty())))),
                route.legacy(),
                Optional.of("accounts"),
                route.canary(),
                route.cohort(),
                List.of(),
                route.stickBy(),
                Optional.of(Route.Writes.MODERN),
                Duration.ofMillis(250),
                Route.Fallback.OFF,
                Set.of(),
                Optional.of(route.match().get(0).path()),
                route.shadow(),
                Optional.empty(),
                1024 * 1024);
    }

    private static Route route(String id, Optional<String> legacy, int percent) {
        RequestMatch match = new RequestMatch(
                Set.of("GET"),
                new PathPattern(List.of(new PathPattern.Literal("api"), new PathPattern.Literal(id)), false),
                Optional.empty(),
                List.of(),
                List.of());
        return new Route(
                id,
                List.of(match),
                legacy,
                Optional.of(id.equals("profile") ? "accounts" : id),
                new Share(percent * 100),
                id,
                List.of("user:42"),
                List.of(new StickBy.User(), new StickBy.Cookie()),
                Optional.empty(),
                Route.DEFAULT_FENCE,
                Route.Fallback.DEFAULT,
                Set.of("json"),
                Optional.empty(),
                Route.Shadow.OFF,
                Optional.of(new Route.Ramp(
                        List.of(new Share(100), new Share(10_000)),
                        Duration.ofMinutes(15),
                        new Route.Gates(Optional.of(new Share(50)), Optional.of(1.3), Optional.of(new Share(9_990))),
                        Route.Ramp.OnFailure.ROLLBACK)),
                Route.DEFAULT_HOLD_BODY_BYTES);
    }

    private static Upstream upstream(String id, int port) {
        return new Upstream(
                id,
                new Upstream.Fixed(List.of(new Endpoint(false, "127.0.0.1", port))),
                Upstream.Protocol.HTTP1,
                Upstream.Tls.SYSTEM,
                Upstream.Balance.LEAST_REQUESTS,
                Upstream.Timeouts.DEFAULT,
                Upstream.DEFAULT_KEEP_ALIVE,
                Upstream.Limits.DEFAULT,
                Upstream.Retries.DEFAULT,
                Upstream.Breaker.DEFAULT,
                Optional.of(new Upstream.Health("/health", Duration.ofSeconds(5), 3, 2)),
                Upstream.Outlier.DEFAULT);
    }
}
