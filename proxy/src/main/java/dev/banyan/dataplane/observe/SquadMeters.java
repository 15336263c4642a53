package dev.banyan.dataplane.observe;

import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who owns which route, to be joined with the numbers of routes: {@code * on (route) group_left (squad) banyan_route_info}. Only of
 * routes that say it.
 */
final class SquadMeters {
    private final MeterRegistry registry;
    private final Map<String, Info> byRoute = new HashMap<>();

    private record Info(String squad, Meter.Id meter) {}

    SquadMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Follows the table. Called by the one publisher. */
    void inForce(RoutingTable table) {
        byRoute.entrySet().removeIf(entry -> {
            boolean over = !squad(table, entry.getKey())
                    .equals(Optional.of(entry.getValue().squad()));
            if (over) {
                registry.remove(entry.getValue().meter());
            }
            return over;
        });
        for (RouteInForce route : table.routes().values()) {
            route.route().squad().ifPresent(squad -> byRoute.computeIfAbsent(route.id(), id -> info(id, squad)));
        }
    }

    private static Optional<String> squad(RoutingTable table, String id) {
        return Optional.ofNullable(table.routes().get(id))
                .flatMap(route -> route.route().squad());
    }

    private Info info(String route, String squad) {
        Gauge gauge = Gauge.builder("banyan.route.info", () -> 1)
                .description("Who owns a route")
                .tag("route", route)
                .tag("squad", squad)
                .register(registry);
        return new Info(squad, gauge.getId());
    }
}
