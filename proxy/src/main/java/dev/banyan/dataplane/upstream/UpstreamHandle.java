package dev.banyan.dataplane.upstream;

import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.guard.Breaker;
import dev.banyan.dataplane.guard.Permits;
import dev.banyan.dataplane.guard.RetryBudget;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's settings in one table, with all that lives longer than a table: endpoints and their pools, permits, breaker, budget. A
 * table that has the same settings keeps the handle; one that has others makes a new handle, which goes on with every part whose own
 * settings did not change. So a hundred changes close no connection and reset no breaker.
 */
public final class UpstreamHandle {
    private static final int WHOLE_BASIS_POINTS = 10_000;

    private final Upstream settings;
    private final Upkeep upkeep;
    private final Optional<Trust> trust;
    private final Endpoints endpoints;
    private final Permits permits;
    private final Breaker breaker;
    private final RetryBudget budget;
    private final Balancer balancer;
    private final @Nullable HealthChecks checks;

    /** A new upstream, or, with a predecessor, new settings of one. */
    public UpstreamHandle(Upstream settings, Upkeep upkeep, @Nullable UpstreamHandle before) {
        this.settings = settings;
        this.upkeep = upkeep;
        // Before its endpoints, which may be made on a loop: files are read here.
        this.trust = upkeep.connector().tls().hold(settings);
        this.endpoints = endpoints(settings, upkeep, before);
        this.endpoints.keepAlive(settings.keepAlive().toNanos());
        this.permits = before == null ? new Permits(settings.limits(), System::nanoTime) : before.permits;
        this.permits.limits(settings.limits());
        this.breaker = before != null && before.settings.breaker().equals(settings.breaker())
                ? before.breaker
                : new Breaker(settings.id(), settings.breaker(), this::breakerChanged);
        this.budget = before != null && before.settings.retries().equals(settings.retries())
                ? before.budget
                : new RetryBudget(settings.retries(), System.nanoTime());
        this.balancer = before != null && before.settings.balance() == settings.balance()
                ? before.balancer
                : new Balancer(settings.balance());
        this.checks = settings.health()
                .map(health -> new HealthChecks(
                        before == null ? null : before.checks,
                        settings,
                        health,
                        endpoints,
                        upkeep.probe(),
                        upkeep.watcher(),
                        upkeep.loop()))
                .orElse(null);
    }

    private static Endpoints endpoints(Upstream settings, Upkeep upkeep, @Nullable UpstreamHandle before) {
        EndpointHandle[] known = before == null ? new EndpointHandle[0] : before.endpoints.now();
        if (settings.address() instanceof Upstream.Fixed fixed) {
            List<EndpointHandle> handles = new ArrayList<>();
            fixed.endpoints().forEach(endpoint -> {
                EndpointHandle.Wire wire = new EndpointHandle.Wire(endpoint, settings.protocol(), settings.tls());
                handles.add(Endpoints.sameAs(wire, known)
                        .findFirst()
                        .orElseGet(() -> new EndpointHandle(wire, upkeep.connector())));
            });
            return new Endpoints.Listed(handles);
        }
        return before != null && before.namesTheSame(settings)
                ? before.endpoints
                : new DnsEndpoints(settings, upkeep.connector(), upkeep.loop());
    }

    private boolean namesTheSame(Upstream next) {
        return settings.address().equals(next.address())
                && settings.protocol() == next.protocol()
                && settings.tls().equals(next.tls());
    }

    private void breakerChanged(String from, String to) {
        upkeep.watcher().changed(new UpstreamWatcher.Change(id(), "breaker", from, to, ""));
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

    public Breaker breaker() {
        return breaker;
    }

    /** Whether it has about as much to do as it can, or fails: nobody should ask it what no client waits for. */
    public boolean strains() {
        return permits.waiting() > 0 || permits.inUse() > settings.limits().concurrent() / 4 * 3 || !breaker.closed();
    }

    public RetryBudget budget() {
        return budget;
    }

    /**
     * Gives a connection to one of the endpoints, at once or later.
     *
     * @param affinity who asks, for {@code balance: sticky}; null: nobody knows
     * @param avoid it has just failed: not again if there is another
     */
    public void take(
            Loop loop, Freshness freshness, @Nullable String affinity, @Nullable EndpointHandle avoid, Taker taker) {
        if (!took(loop, freshness, affinity, avoid, taker)) {
            endpoints.whenKnown(loop, () -> {
                if (!took(loop, freshness, affinity, avoid, taker)) {
                    taker.failed(new UpstreamFailure(Kind.CONNECT, "has a name that does not resolve"), null);
                }
            });
        }
    }

    /** False: there is no endpoint, or none is known yet. */
    private boolean took(
            Loop loop, Freshness freshness, @Nullable String affinity, @Nullable EndpointHandle avoid, Taker taker) {
        EndpointHandle next =
                balancer.next(endpoints.askedFirst(), affinity, avoid, ThreadLocalRandom.current(), loop.coarseNanos());
        if (next == null) {
            return false;
        }
        Pool pool = next.pool(loop);
        if (!pool.tookOpen(freshness, taker)) {
            Duration timeout = settings.timeouts().connect();
            EndpointHandle[] all = endpoints.now();
            if (endpoints.ofOneName() && all.length > 1) {
                new EndpointSearch(this, loop, freshness, taker).begin(next, avoid, timeout, all);
            } else {
                pool.open(timeout, taker);
            }
        }
        return true;
    }

    /** No connection to one of several came about; who looked for it looks at the others. */
    void unreachable(EndpointHandle endpoint, String why) {
        endpoints.unreachable(endpoint);
        endpointFailed(endpoint, why);
    }

    /** A connection to it has not come about in a moment, and another was taken. */
    void overtaken(EndpointHandle endpoint) {
        endpoints.unreachable(endpoint);
    }

    /** Whether another endpoint than this could be asked. */
    public boolean hasAnotherThan(EndpointHandle endpoint) {
        EndpointHandle[] now = endpoints.now();
        return now.length > 1 || now.length == 1 && now[0] != endpoint;
    }

    /** An attempt at the endpoint went well. */
    public void succeeded(EndpointHandle endpoint) {
        breaker.succeeded();
        endpoint.condition().succeeded();
    }

    /** An attempt failed: no answer, or a 5xx. */
    public void failed(@Nullable EndpointHandle endpoint, String why) {
        breaker.failed();
        if (endpoint != null) {
            endpointFailed(endpoint, why);
        }
    }

    private void endpointFailed(EndpointHandle endpoint, String why) {
        if (endpoint.condition().failed() >= settings.outlier().errors()) {
            ejectIfAllowed(endpoint, why);
        }
    }

    private synchronized void ejectIfAllowed(EndpointHandle endpoint, String why) {
        long now = System.nanoTime();
        EndpointHandle[] all = endpoints.now();
        long ejected =
                Stream.of(all).filter(other -> other.condition().ejected(now)).count();
        long most = (long) all.length * settings.outlier().atMost().basisPoints() / WHOLE_BASIS_POINTS;
        if (ejected < most && !endpoint.condition().ejected(now)) {
            endpoint.condition().eject(now + settings.outlier().ejectFor().toNanos());
            upkeep.watcher().changed(new UpstreamWatcher.Change(id(), endpoint.authority(), "ready", "ejected", why));
        }
    }

    /** How it is just now. */
    public LiveUpstreams.Standing standing() {
        long now = System.nanoTime();
        return new LiveUpstreams.Standing(
                breaker.state(),
                permits.inUse(),
                permits.waiting(),
                Stream.of(endpoints.now())
                        .map(endpoint -> new LiveUpstreams.LiveEndpoint(
                                endpoint.toString(),
                                endpoint.condition().word(now),
                                endpoint.underWay().get(),
                                endpoint.openConnections().get(),
                                endpoint.idleConnections().get()))
                        .toList(),
                trust.flatMap(Trust::problem));
    }

    /** The table in force has {@code successor} instead, or, if null, no such upstream: what nobody goes on with ends in peace. */
    public void retire(@Nullable UpstreamHandle successor) {
        if (checks != null) {
            checks.stop(successor != null && successor.checks != null);
        }
        trust.ifPresent(upkeep.connector().tls()::release);
        if (successor == null || successor.endpoints != endpoints) {
            endpoints.retire(successor == null ? new EndpointHandle[0] : successor.endpoints.now());
        }
    }
}
