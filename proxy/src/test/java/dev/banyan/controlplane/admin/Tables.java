package dev.banyan.controlplane.admin;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return Routes.of("orders", """
                match: { methods: [ GET, POST ], path: /api/orders, host: shop.example, headers: { x-shop: "1" }, query: { page: } }
                legacy: rails
                modern: accounts
                canary: 100%
                cohort: orders
                writes: modern
                fence: 250ms
                fallback: off
                formats: []
                rewrite: /api/orders
                hold-body: 1MiB
                """);
    }

    private static Route route(String id, Optional<String> legacy, int percent) {
        return Routes.of(id, """
                match: GET /api/%s
                %s
                modern: %s
                canary: %d%%
                cohort: %s
                pilots: [ "user:42" ]
                ramp: { steps: [ 1%%, 100%% ], hold: 15m, gates: { errors: +0.5%%, p99: 1.3x, parity: 99.9%% } }
                """.formatted(
                        id,
                        legacy.map(upstream -> "legacy: " + upstream).orElse(""),
                        id.equals("profile") ? "accounts" : id,
                        percent,
                        id));
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
