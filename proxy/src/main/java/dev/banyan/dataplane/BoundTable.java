package dev.banyan.dataplane;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.exchange.Witnesses;
import dev.banyan.dataplane.forward.Alternative;
import dev.banyan.dataplane.forward.Way;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.observe.RouteMeters;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.routing.RequestView;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.Sent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table joined with what lives: the handles of its upstreams and the meters of its routes. Immutable; swapped as a whole. */
final class BoundTable {
    private final Router router;
    private final Map<String, UpstreamHandle> upstreams;
    private final Map<String, UpstreamHandle> copies;
    private final Map<String, RouteMeters> meters;
    private final Map<String, WriteGate> writeGates;
    private final Map<String, Witnesses> witnesses;
    private final FieldLine revision;
    private final boolean debug;
    private final Alternative alternative = this::toLegacy;

    BoundTable(
            Router router,
            Map<String, UpstreamHandle> upstreams,
            Map<String, UpstreamHandle> copies,
            Map<String, RouteMeters> meters,
            Map<String, WriteGate> writeGates,
            Map<String, Witnesses> witnesses,
            boolean debug) {
        this.router = router;
        this.upstreams = Map.copyOf(upstreams);
        this.copies = Map.copyOf(copies);
        this.meters = Map.copyOf(meters);
        this.writeGates = Map.copyOf(writeGates);
        this.witnesses = Map.copyOf(witnesses);
        this.revision =
                FieldLine.of("X-Banyan-Revision", Long.toString(router.table().revision()));
        this.debug = debug;
    }

    RoutingTable table() {
        return router.table();
    }

    long revision() {
        return router.table().revision();
    }

    Routed route(RequestView request, long nowEpochSeconds) {
        return router.route(request, nowEpochSeconds);
    }

    UpstreamHandle upstream(String id) {
        UpstreamHandle handle = upstreams.get(id);
        if (handle == null) {
            throw new IllegalStateException("upstream " + id + " is not in the table that named it");
        }
        return handle;
    }

    Map<String, UpstreamHandle> upstreams() {
        return upstreams;
    }

    /** By which the same upstreams get copies of requests. */
    Map<String, UpstreamHandle> copies() {
        return copies;
    }

    /** Where the decision sends a request. */
    Way way(Decision decision) {
        return new Way(decision, upstream(decision.upstream()), debugFields(decision));
    }

    /** The way to legacy for a request whose modern side failed. */
    Alternative alternative() {
        return alternative;
    }

    private @Nullable Way toLegacy(Exchange exchange, Decision decided) {
        Sent sent = router.sentTo(Side.LEGACY, exchange.view());
        if (sent == null) {
            return null;
        }
        String fence = decided.safe()
                ? null
                : router.fenceCookie(
                        decided.routeId(),
                        Side.LEGACY,
                        exchange.view(),
                        exchange.loop().epochSeconds());
        return way(decided.fallingBack(sent, fence));
    }

    RouteMeters meters(Decision decision) {
        RouteMeters own = meters.get(decision.routeId());
        if (own == null) {
            throw new IllegalStateException("route " + decision.routeId() + " is not in the table that decided");
        }
        return own;
    }

    /** The meters of that route; null if this table has another of that id, or none. */
    @Nullable
    RouteMeters metersOf(Route route) {
        return route.equals(table().base().routes().get(route.id())) ? meters.get(route.id()) : null;
    }

    /** The gate of that route's owner; null: it has none. */
    @Nullable
    WriteGate writeGateOf(String routeId) {
        return writeGates.get(routeId);
    }

    /** For another table, with all that can be kept of this one's. */
    Router routerOf(RoutingTable next) {
        return router.of(next);
    }

    /** What an unsafe request must pass, because one side owns the route's data; null: nothing. */
    @Nullable
    WriteGate writeGate(Decision decision) {
        return decision.safe() ? null : writeGateOf(decision.routeId());
    }

    /** Who sees what comes of the request; null: nobody. */
    @Nullable
    Witness witness(Decision decision, Exchange exchange) {
        Witnesses chosen = witnesses.get(decision.routeId());
        return chosen == null ? null : chosen.of(exchange);
    }

    /** Who sent an unsafe request; null: nobody can tell. */
    @Nullable
    String user(Decision decision, RequestView request) {
        return router.user(decision.routeId(), request);
    }

    /** The debug headers of an answer; none unless they are on. */
    private List<FieldLine> debugFields(Decision decision) {
        if (!debug) {
            return List.of();
        }
        return List.of(
                FieldLine.of("X-Banyan-Side", decision.side().word()),
                FieldLine.of("X-Banyan-Route", decision.routeId()),
                revision,
                FieldLine.of("X-Banyan-Reason", decision.reason().word()));
    }
}
