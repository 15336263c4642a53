package dev.banyan.dataplane.observe;

import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * All meters of the data plane. Labels come from the table alone, never from a request, so their number is bounded by the table's
 * size.
 */
public final class Meters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Map<String, RouteMeters> routes = new ConcurrentHashMap<>();
    private final Traffic traffic = new Traffic();
    private final LastHour lastHour;
    private final Map<String, Meter.Id> canaries = new HashMap<>();
    private final Map<String, UpstreamMeters> upstreams = new HashMap<>();
    private volatile RoutingTable table;

    public Meters(MeterRegistry registry, RoutingTable first, int loops, InstantSource clock) {
        this.registry = registry;
        this.table = first;
        this.lastHour = new LastHour(
                loops,
                clock,
                counter("banyan.last.hour.dropped", "Requests that came too fast to be counted for `banyan plan`"));
        Gauge.builder("banyan.table.revision", this, meters -> meters.table.revision())
                .description("Number of the revision in force")
                .register(registry);
        inForce(first);
    }

    /** Follows the table: a canary's gauge a route. Called by the one publisher. */
    public void inForce(RoutingTable next) {
        table = next;
        lastHour.retain(next.routes().keySet());
        Set<String> lost = new HashSet<>(upstreams.keySet());
        lost.removeAll(next.base().upstreams().keySet());
        lost.forEach(this::forget);
        Set<String> gone = new HashSet<>(canaries.keySet());
        gone.removeAll(next.routes().keySet());
        for (String id : gone) {
            Meter.Id gauge = canaries.remove(id);
            if (gauge != null) {
                registry.remove(gauge);
            }
        }
        for (String id : next.routes().keySet()) {
            canaries.computeIfAbsent(
                    id,
                    added -> Gauge.builder("banyan.canary.percent", this, meters -> meters.canaryPercent(added))
                            .description("Share of users whose requests go to modern")
                            .tag("route", added)
                            .register(registry)
                            .getId());
        }
    }

    private double canaryPercent(String id) {
        RouteInForce route = table.routes().get(id);
        return route == null ? 0 : route.canary().percent().doubleValue();
    }

    /** The meters of one route and the upstreams it may reach; the same object as long as those ids and the slot are the same. */
    public RouteMeters route(Route route) {
        return route(
                route.id(),
                lastHour.slot(route),
                route.upstream(Side.LEGACY).orElse(""),
                route.upstream(Side.MODERN).orElse(""));
    }

    public RouteMeters ofDefault(String upstream) {
        return route(RoutingTable.DEFAULT_ROUTE, lastHour.slotOfDefault(), upstream, "");
    }

    private RouteMeters route(String routeId, int slot, String legacyUpstream, String modernUpstream) {
        return routes.computeIfAbsent(
                routeId + " " + legacyUpstream + " " + modernUpstream + " " + slot,
                key -> followed(routeId, new RouteMeters(registry, routeId, slot, legacyUpstream, modernUpstream)));
    }

    private RouteMeters followed(String routeId, RouteMeters meters) {
        for (Side side : Side.values()) {
            traffic.follow(routeId, side, () -> meters.total(side));
        }
        return meters;
    }

    /** The same numbers as the meters show, by route and side. */
    public TrafficCounts traffic() {
        return traffic;
    }

    /** Whose requests they were, over the last hour. */
    public LastHour lastHour() {
        return lastHour;
    }

    /** How an upstream is: what /v1/upstreams shows, as numbers. A name that had meters before gets new ones. */
    public void upstream(String id, Supplier<LiveUpstreams.Standing> standing) {
        forget(id);
        upstreams.put(id, new UpstreamMeters(registry, id, standing));
    }

    private void forget(String upstream) {
        UpstreamMeters before = upstreams.remove(upstream);
        if (before != null) {
            before.remove();
        }
    }

    /** The gate before the owner of a route's data. */
    public void writeGate(String routeId, WriteGate gate) {
        FunctionCounter.builder("banyan.writes.refused", gate, it -> it.state().refused())
                .description("Unsafe requests answered 503 because the owner of the route's data was moving")
                .tag("route", routeId)
                .register(registry);
        Gauge.builder("banyan.writes.gate.open", gate, it -> it.state().open() ? 1 : 0)
                .description("0 while the owner of the route's data moves and unsafe requests are refused, else 1")
                .tag("route", routeId)
                .register(registry);
        underWay(routeId, Side.LEGACY, gate, it -> it.state().legacy());
        underWay(routeId, Side.MODERN, gate, it -> it.state().modern());
    }

    private void underWay(String routeId, Side side, WriteGate gate, ToDoubleFunction<WriteGate> count) {
        Gauge.builder("banyan.writes.under.way", gate, count)
                .description("Unsafe requests that the side may be working on, of routes whose data has an owner")
                .tag("route", routeId)
                .tag("side", side.word())
                .register(registry);
    }

    /** What is done about failures. */
    public AttemptMeters attempts() {
        return new AttemptMeters(registry);
    }

    /** A client's connection, or one of its streams, was ended for what it did. */
    public void misused(String kind) {
        Counter.builder("banyan.http2.misuse")
                .description("HTTP/2 clients that did too much of what costs them nothing, by kind")
                .tag("kind", kind)
                .register(registry)
                .increment();
    }

    public Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** How long a certificate will still do. */
    public void certificate(String file, Supplier<Number> secondsLeft) {
        Gauge.builder("banyan.tls.certificate.expiry", secondsLeft)
                .description("Seconds until a certificate towards clients ends; negative: it has")
                .baseUnit("seconds")
                .tag("certificate", file)
                .strongReference(true)
                .register(registry);
    }

    /** What clients have open. */
    public void clientConnections(IntSupplier open) {
        Gauge.builder("banyan.connections.open", open, IntSupplier::getAsInt)
                .description("Connections of clients that are open")
                .strongReference(true)
                .register(registry);
    }

    /** Connections that were closed before their first request. */
    public Counter refusedConnection(String reason) {
        return Counter.builder("banyan.connections.refused")
                .description("Connections that were closed before their first request")
                .tag("reason", reason)
                .register(registry);
    }

    @Override
    public void close() {
        traffic.close();
        lastHour.close();
    }
}
