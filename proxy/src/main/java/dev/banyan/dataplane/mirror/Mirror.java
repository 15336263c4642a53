package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ShadowReader;
import dev.banyan.dataplane.exchange.Witnesses;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.decide.Router;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * READ FIRST: who gets copies. Of each table the routes whose shadow share is above 0%; each has its requests seen by a {@link Shadowed},
 * those it chooses by a {@link Copied}, which asks the other side by an {@link Ask} once the client has its answer.
 */
public final class Mirror {
    private final Mirroring mirroring;
    private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

    public Mirror(ShadowReader reader, CopyRules rules, Bounds bounds, MeterRegistry registry) {
        this.mirroring = new Mirroring(
                rules,
                ConcurrentHashMap.newKeySet(),
                new Repeats(),
                new Strangers(),
                new RecentWrites(),
                new Later(),
                bounds,
                new ShadowMeters(registry),
                reader);
    }

    /**
     * The upstreams of a table that get copies, or may be asked once more what they have answered. Their health is looked at for clients;
     * copies learn it by what comes of them.
     */
    public static List<Upstream> wanted(RoutingTable table) {
        return table.routes().values().stream()
                .filter(Mirror::isShadowed)
                .flatMap(route -> Stream.of(Side.values()).flatMap(side -> route.route().upstream(side).stream()))
                .distinct()
                .flatMap(id -> Stream.ofNullable(table.base().upstreams().get(id)))
                .map(Upstream::withoutHealth)
                .toList();
    }

    /**
     * Chooses anew, for a table that is about to be in force.
     *
     * @param clients by which clients reach its upstreams
     * @param copies by which copies reach those that are {@link #wanted}: with pools, a breaker and permits that clients do not use
     * @return by route
     */
    public Map<String, Witnesses> of(
            RoutingTable table,
            Router router,
            Map<String, UpstreamHandle> clients,
            Map<String, UpstreamHandle> copies) {
        budgets.keySet().retainAll(table.base().upstreams().keySet());
        mirroring.wrote().retainAll(table.routes().keySet());
        mirroring.strangers().retain(table.routes().keySet());
        mirroring.meters().retain(table.routes().keySet());
        Map<String, AskedSide> byUpstream = new HashMap<>();
        copies.forEach((id, handle) -> Optional.ofNullable(clients.get(id))
                .ifPresent(theirs -> byUpstream.put(
                        id, new AskedSide(handle, theirs, budgets.computeIfAbsent(id, unused -> new Budget())))));
        Map<String, Witnesses> shadowed = new HashMap<>();
        Map<String, InForce> inForce = new HashMap<>();
        table.routes().values().stream().filter(Mirror::isShadowed).forEach(route -> {
            InForce basis = mirroring.later().kept(InForce.of(route, table));
            inForce.put(route.id(), basis);
            shadowed.put(route.id(), new Shadowed(route, basis, router, sides(route, byUpstream), mirroring));
        });
        mirroring.later().shadowed(inForce);
        return shadowed;
    }

    /** A freeze is for whoever needs every bit of peace that the other side can get. */
    private static boolean isShadowed(RouteInForce route) {
        return !route.shadowShare().equals(Share.NONE)
                && route.freeze().isEmpty()
                && route.route().legacy().isPresent()
                && route.route().modern().isPresent();
    }

    private static Map<Side, AskedSide> sides(RouteInForce route, Map<String, AskedSide> byUpstream) {
        Map<Side, AskedSide> sides = new EnumMap<>(Side.class);
        Stream.of(Side.values())
                .forEach(side -> route.route()
                        .upstream(side)
                        .flatMap(id -> Optional.ofNullable(byUpstream.get(id)))
                        .ifPresent(asked -> sides.put(side, asked)));
        return sides;
    }
}
