package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that a name has now. It is asked for again and again; the resolver answers from its cache while the record's time to
 * live lasts. A name that stops resolving keeps its last addresses: a name server that is down must not take the upstream along.
 */
final class DnsEndpoints implements Endpoints {
    private static final Logger LOG = LoggerFactory.getLogger(DnsEndpoints.class);
    private static final long ASK_AGAIN_MILLIS = Duration.ofSeconds(1).toMillis();

    /** How long an address that gave no connection is not asked first. */
    private static final long AVOIDED_NANOS = Duration.ofSeconds(10).toNanos();

    private final String upstream;
    private final Endpoint name;
    private final Upstream.Protocol protocol;
    private final Upstream.Tls tls;
    private final Connector connector;
    private final EventLoop loop;
    private final ScheduledFuture<?> asking;
    private final List<Runnable> waiting = new ArrayList<>();

    // Used on the loop only.
    private final Map<EndpointHandle, Long> unreachableSinceNanos = new HashMap<>();

    private volatile EndpointHandle[] all;
    private volatile EndpointHandle[] askedFirst;
    private volatile long keepAliveNanos;
    private volatile boolean answered;
    private boolean failing;
    private boolean retired;

    /**
     * Asks from now on.
     *
     * @param before what a predecessor knew, to go on with
     */
    DnsEndpoints(Upstream settings, Connector connector, EventLoop loop, EndpointHandle... before) {
        this.upstream = settings.id();
        this.name = ((Upstream.Dns) settings.address()).name();
        this.protocol = settings.protocol();
        // The endpoints are bare addresses: who they are is the name's to say.
        this.tls = new Upstream.Tls(
                settings.tls().ca(), settings.tls().serverName().or(() -> Optional.of(name.name())));
        this.connector = connector;
        this.loop = loop;
        this.all = before.clone();
        this.askedFirst = all;
        this.answered = before.length > 0;
        this.keepAliveNanos = settings.keepAlive().toNanos();
        this.asking = loop.scheduleAtFixedRate(this::ask, 0, ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public EndpointHandle[] now() {
        return all;
    }

    @Override
    public EndpointHandle[] askedFirst() {
        return askedFirst;
    }

    @Override
    public boolean ofOneName() {
        return true;
    }

    @Override
    public void unreachable(EndpointHandle endpoint) {
        loop.execute(() -> {
            unreachableSinceNanos.put(endpoint, System.nanoTime());
            avoidUnreachable();
        });
    }

    /** Where none is left, all are asked: a moment without a network must not be an outage. */
    private void avoidUnreachable() {
        EndpointHandle[] now = all;
        if (!unreachableSinceNanos.isEmpty()) {
            List<EndpointHandle> known = List.of(now);
            long nanos = System.nanoTime();
            unreachableSinceNanos
                    .entrySet()
                    .removeIf(entry -> nanos - entry.getValue() > AVOIDED_NANOS || !known.contains(entry.getKey()));
        }
        EndpointHandle[] reachable = Stream.of(now)
                .filter(endpoint -> !unreachableSinceNanos.containsKey(endpoint))
                .toArray(EndpointHandle[]::new);
        askedFirst = reachable.length == 0 || reachable.length == now.length ? now : reachable;
    }

    @Override
    public void whenKnown(Loop asker, Runnable task) {
        if (answered) {
            task.run();
            return;
        }
        loop.execute(() -> {
            if (answered) {
                asker.eventLoop().execute(task);
            } else {
                waiting.add(() -> asker.eventLoop().execute(task));
            }
        });
    }

    @Override
    public void keepAlive(long nanos) {
        keepAliveNanos = nanos;
        for (EndpointHandle endpoint : all) {
            endpoint.keepAlive(nanos);
        }
    }

    private void ask() {
        connector
                .names()
                .resolve(loop, name, found -> answered(() -> take(found)), cause -> answered(() -> keep(cause)));
    }

    private void answered(Runnable result) {
        if (retired) {
            return;
        }
        result.run();
        avoidUnreachable();
        answered = true;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    private void keep(Throwable cause) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "name does not resolve upstream={} name={} kept={} cause={}",
                    upstream,
                    name.host(),
                    all.length,
                    String.valueOf(cause));
        }
    }

    private void take(List<InetAddress> addresses) {
        failing = false;
        EndpointHandle[] before = all;
        EndpointHandle[] next = addresses.stream()
                .distinct()
                .map(address -> new Endpoint(name.tls(), address.getHostAddress(), name.port()))
                .sorted(Comparator.comparing(Endpoint::host))
                .map(endpoint -> handle(new EndpointHandle.Wire(endpoint, protocol, tls), before))
                .toArray(EndpointHandle[]::new);
        if (!List.of(next).equals(List.of(before))) {
            LOG.info("name resolves anew upstream={} name={} endpoints={}", upstream, name.host(), List.of(next));
            all = next;
            Endpoints.retireAllBut(next, before);
        }
    }

    private EndpointHandle handle(EndpointHandle.Wire wire, EndpointHandle... before) {
        return Endpoints.sameAs(wire, before).findFirst().orElseGet(() -> {
            EndpointHandle fresh = new EndpointHandle(wire, connector);
            fresh.keepAlive(keepAliveNanos);
            if (before.length > 0) {
                fresh.condition().comesBack(System.nanoTime());
            }
            return fresh;
        });
    }

    @Override
    public void retire(@Nullable EndpointHandle... successor) {
        asking.cancel(false);
        loop.execute(() -> {
            retired = true;
            Endpoints.retireAllBut(successor, all);
            waiting.forEach(Runnable::run);
            waiting.clear();
        });
    }
}
