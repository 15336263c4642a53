package dev.banyan.dataplane.observe;

import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecordReader;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All meters of the data plane. Labels come from the table alone, never from a request, so their number is bounded by the table's
 * size.
 */
public final class Meters implements AutoCloseable {
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Traffic traffic = new Traffic();
    private final LastHour lastHour;
    private final Records records;
    private final MetersByRoute byRoute;
    private final Remembered<String> knownUpstreams = new Remembered<>();
    private final AttemptMeters attempts;
    private final WriteGateMeters writeGates;
    private final SquadMeters squads;
    private final Map<String, Meter.Id> canaries = new HashMap<>();
    private final Map<String, UpstreamMeters> upstreams = new HashMap<>();
    private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-meters");
        thread.setDaemon(true);
        return thread;
    });
    private volatile RoutingTable table = RoutingTable.NONE;
    private @Nullable BaseTable base; // that the meters follow

    /**
     * Counts until it is closed.
     *
     * @param readers who reads what happened, beside those who count it here
     */
    public Meters(MeterRegistry registry, int loops, InstantSource clock, List<RecordReader> readers) {
        this.registry = registry;
        this.clock = clock;
        this.attempts = new AttemptMeters(registry);
        this.writeGates = new WriteGateMeters(registry);
        this.lastHour = new LastHour(clock);
        List<RecordReader> all = new ArrayList<>(List.of(traffic, lastHour));
        all.addAll(readers);
        this.records = new Records(
                loops,
                counter(
                        "banyan.records.dropped",
                        "Requests that came too fast to be counted for `banyan plan` and live numbers"),
                all);
        this.squads = new SquadMeters(registry);
        this.byRoute = new MetersByRoute(registry, lastHour);
        Gauge.builder("banyan.table.revision", this, meters -> meters.table.revision())
                .description("Number of the revision in force")
                .register(registry);
        var unused = upkeep.scheduleAtFixedRate(
                this::keepUp, Traffic.SECONDS_BETWEEN, Traffic.SECONDS_BETWEEN, TimeUnit.SECONDS);
    }

    private void keepUp() {
        traffic.sample();
        forget();
    }

    /** Removes the meters of routes and upstreams that left the table long enough ago for whoever wanted their last numbers. */
    synchronized void forget() {
        Instant now = clock.instant();
        boolean routesWent = byRoute.forget(now);
        boolean upstreamsWent = knownUpstreams.forget(now);
        if (routesWent || upstreamsWent) {
            attempts.retain(byRoute::has, knownUpstreams::has);
            writeGates.retain(byRoute::has);
        }
        traffic.retain(byRoute::has);
        attempts.retainTunnels(byRoute::has);
    }

    /** Follows the table: one gauge of the canary per route. Called by the one publisher. */
    public synchronized void inForce(RoutingTable next) {
        table = next;
        if (next.base().equals(base)) {
            // Flags alone: no name came or went.
            return;
        }
        base = next.base();
        byRoute.inForce(next, clock.instant());
        knownUpstreams.present(next.base().upstreams().keySet(), clock.instant());
        lastHour.retain(next.routes().keySet());
        Set<String> lost = new HashSet<>(upstreams.keySet());
        lost.removeAll(next.base().upstreams().keySet());
        lost.forEach(this::forget);
        squads.inForce(next);
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

    /** The meters of one route and the upstreams it may reach, for a table that is about to be in force. */
    public synchronized RouteMeters route(Route route, long revision) {
        return byRoute.of(route, revision);
    }

    public synchronized RouteMeters ofDefault(String upstream) {
        return byRoute.ofDefault(upstream);
    }

    Records records() {
        return records;
    }

    /** Who tells what happened, exchange by exchange. */
    public Observer observer(Optional<AccessLog> accessLog) {
        return new Observer(
                accessLog, records, counter("banyan.refused", "Requests that were answered before they were decided"));
    }

    /** How many requests there were, by route and side. */
    public TrafficCounts traffic() {
        return (route, side) -> {
            records.catchUp();
            return traffic.of(route, side);
        };
    }

    /** Whose requests they were, over the last hour. */
    public RecentRequests recentRequests() {
        return routes -> {
            records.catchUp();
            return lastHour.of(routes);
        };
    }

    /** How an upstream is: what /v1/upstreams shows, as numbers. A name that had meters before gets new ones. */
    public synchronized void upstream(String id, Supplier<LiveUpstreams.Standing> standing) {
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
    public synchronized void writeGate(String routeId, WriteGate gate) {
        writeGates.show(routeId, gate);
    }

    /** What is done about failures. */
    public AttemptMeters attempts() {
        return attempts;
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
        upkeep.shutdownNow();
        records.close();
    }
}
