package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.guard.Permits;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream with all that lives as long as its settings do: pools, permits, counts. A new table that has the same settings keeps
 * the handle, so that a hundred changes close no connection.
 */
public final class UpstreamHandle {
    private final Upstream settings;
    private final Connector connector;
    private final Permits permits;
    private final List<EndpointHandle> endpoints = new ArrayList<>();
    private final Map<Loop, LoopPool> pools = new ConcurrentHashMap<>();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final AtomicInteger idleConnections = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();

    // Set once, by the thread that publishes tables, and read by loops when a connection comes to rest.
    private volatile boolean retired;

    public UpstreamHandle(Upstream settings, Connector connector) {
        this.settings = settings;
        this.connector = connector;
        this.permits = new Permits(
                settings.limits().concurrent(),
                settings.limits().queue(),
                settings.limits().queueTimeout().toNanos());
        for (Endpoint endpoint : endpointsOf(settings.address())) {
            endpoints.add(new EndpointHandle(endpoint));
        }
    }

    private static List<Endpoint> endpointsOf(Upstream.Address address) {
        if (address instanceof Upstream.Dns dns) {
            // One endpoint whose name is resolved for every new connection.
            return List.of(dns.name());
        }
        return ((Upstream.Fixed) address).endpoints();
    }

    public Upstream settings() {
        return settings;
    }

    public String id() {
        return settings.id();
    }

    public Permits permits() {
        return permits;
    }

    /** The pool of the calling loop. */
    public LoopPool pool(Loop loop) {
        return pools.computeIfAbsent(loop, own -> new LoopPool(this, own));
    }

    public int openConnections() {
        return openConnections.get();
    }

    public int idleConnections() {
        return idleConnections.get();
    }

    /** No table names it any more: what rests is closed, what runs ends in peace. */
    public void retire() {
        retired = true;
        pools.values().forEach(pool -> pool.loop().eventLoop().execute(pool::closeResting));
    }

    boolean retired() {
        return retired;
    }

    Connector connector() {
        return connector;
    }

    void opened(int change) {
        openConnections.addAndGet(change);
    }

    void idle(int change) {
        idleConnections.addAndGet(change);
    }

    /** The endpoint for the next request. */
    EndpointHandle choose(SplittableRandom random) {
        int count = endpoints.size();
        if (count == 1) {
            return endpoints.get(0);
        }
        if (settings.balance() == Upstream.Balance.ROUND_ROBIN) {
            return endpoints.get(Math.floorMod(turn.getAndIncrement(), count));
        }
        // The one of two with fewer under way: nearly as even as asking all, and no herd runs to the idlest
        // (Mitzenmacher, The power of two choices in randomized load balancing, 2001).
        int first = random.nextInt(count);
        int second = (first + 1 + random.nextInt(count - 1)) % count;
        EndpointHandle one = endpoints.get(first);
        EndpointHandle other = endpoints.get(second);
        return one.underWay().get() <= other.underWay().get() ? one : other;
    }
}
