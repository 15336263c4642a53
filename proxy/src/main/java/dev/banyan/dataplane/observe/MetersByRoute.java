package dev.banyan.dataplane.observe;

import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The meters of the routes of all tables. What belongs to a route and an upstream goes on when either has other settings, and is removed
 * some time after no table names the two together any more. Not safe for several threads, but its meters are.
 */
final class MetersByRoute {
    private final MeterRegistry registry;
    private final LastHour lastHour;
    private final Map<SideMeters.Key, SideMeters> sides = new HashMap<>();
    private final Map<String, DecisionMeters> decisions = new HashMap<>();
    private final Remembered<SideMeters.Key> pairs = new Remembered<>();
    private final Remembered<String> routes = new Remembered<>();

    MetersByRoute(MeterRegistry registry, LastHour lastHour) {
        this.registry = registry;
        this.lastHour = lastHour;
    }

    /** Of a table that is about to be in force. */
    RouteMeters of(Route route, long revision) {
        lastHour.follow(route, revision);
        return new RouteMeters(decisions(route.id()), side(key(route, Side.LEGACY)), side(key(route, Side.MODERN)));
    }

    RouteMeters ofDefault(String upstream) {
        lastHour.followDefault();
        return new RouteMeters(
                decisions(RoutingTable.DEFAULT_ROUTE),
                side(keyOfDefault(upstream)),
                side(new SideMeters.Key(RoutingTable.DEFAULT_ROUTE, Side.MODERN, "")));
    }

    private static SideMeters.Key key(Route route, Side side) {
        return new SideMeters.Key(route.id(), side, route.upstream(side).orElse(""));
    }

    private static SideMeters.Key keyOfDefault(String upstream) {
        return new SideMeters.Key(RoutingTable.DEFAULT_ROUTE, Side.LEGACY, upstream);
    }

    private SideMeters side(SideMeters.Key key) {
        pairs.joins(key);
        return sides.computeIfAbsent(key, added -> new SideMeters(registry, added));
    }

    private DecisionMeters decisions(String route) {
        routes.joins(route);
        return decisions.computeIfAbsent(route, added -> new DecisionMeters(registry, added));
    }

    void inForce(RoutingTable table, Instant now) {
        Set<SideMeters.Key> named = new HashSet<>();
        table.routes().values().forEach(route -> {
            named.add(key(route.route(), Side.LEGACY));
            named.add(key(route.route(), Side.MODERN));
        });
        named.add(keyOfDefault(table.base().defaultUpstream()));
        named.add(new SideMeters.Key(RoutingTable.DEFAULT_ROUTE, Side.MODERN, ""));
        pairs.present(named, now);
        Set<String> ids = new HashSet<>(table.routes().keySet());
        ids.add(RoutingTable.DEFAULT_ROUTE);
        routes.present(ids, now);
    }

    /** Whether a table names it, or one did until lately. */
    boolean has(String route) {
        return routes.has(route);
    }

    /** Whether anything was forgotten. */
    boolean forget(Instant now) {
        boolean pairsWent = pairs.forget(now);
        boolean routesWent = routes.forget(now);
        if (pairsWent) {
            forgetSides();
        }
        if (routesWent) {
            forgetDecisions();
        }
        return pairsWent || routesWent;
    }

    private void forgetSides() {
        sides.entrySet().removeIf(each -> {
            boolean gone = !pairs.has(each.getKey());
            if (gone) {
                each.getValue().remove();
            }
            return gone;
        });
    }

    private void forgetDecisions() {
        decisions.entrySet().removeIf(each -> {
            boolean gone = !routes.has(each.getKey());
            if (gone) {
                each.getValue().remove();
            }
            return gone;
        });
    }
}
