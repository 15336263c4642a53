package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.http1.UpstreamConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The HTTP/1 connections of one event loop to one endpoint. The last to rest is the first to go again, so that the rest can age. */
final class EndpointPool implements Pool {
    /**
     * A connection that has rested longer may be closing at the other end just now, which a request that must not be sent twice
     * cannot risk.
     */
    static final long JUST_USED_NANOS = Duration.ofMillis(500).toNanos();

    private final EndpointHandle endpoint;
    private final Loop loop;
    private final Deque<Pooled> resting = new ArrayDeque<>();

    EndpointPool(EndpointHandle endpoint, Loop loop) {
        this.endpoint = endpoint;
        this.loop = loop;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public boolean tookOpen(Freshness freshness, Taker taker) {
        UpstreamConnection rested = freshness == Freshness.NEW ? null : rested(freshness);
        if (rested != null) {
            taker.connected(rested, new Lease(endpoint));
        }
        return rested != null;
    }

    @Override
    public void open(Duration connectTimeout, Taker taker) {
        Lease lease = new Lease(endpoint);
        Pooled fresh = new Pooled();
        endpoint.openConnections().incrementAndGet();
        endpoint.connector()
                .connect(
                        loop,
                        endpoint,
                        connectTimeout,
                        fresh.connection,
                        () -> taker.connected(fresh.connection, lease),
                        detail -> {
                            endpoint.openConnections().decrementAndGet();
                            lease.end();
                            taker.failed(new UpstreamFailure(Kind.CONNECT, detail), endpoint);
                        });
    }

    private @Nullable UpstreamConnection rested(Freshness freshness) {
        for (Pooled last = resting.peek(); last != null; last = resting.peek()) {
            if (freshness == Freshness.JUST_USED && last.connection.restedNanos() > JUST_USED_NANOS) {
                return null;
            }
            resting.pop();
            endpoint.idleConnections().decrementAndGet();
            last.resting = false;
            if (last.connection.usable()) {
                return last.connection;
            }
        }
        return null;
    }

    @Override
    public void closeResting() {
        new ArrayDeque<>(resting).forEach(pooled -> pooled.connection.close());
    }

    /** One connection and where it belongs. */
    private final class Pooled implements UpstreamConnection.Home {
        private final UpstreamConnection connection = new UpstreamConnection(this, loop);
        private boolean resting;

        @Override
        public long keepAliveNanos() {
            return endpoint.keepAliveNanos();
        }

        @Override
        public void rested(UpstreamConnection rested) {
            if (endpoint.retired()) {
                rested.close();
                return;
            }
            resting = true;
            endpoint.idleConnections().incrementAndGet();
            EndpointPool.this.resting.push(this);
        }

        @Override
        public void closed(UpstreamConnection closed) {
            endpoint.openConnections().decrementAndGet();
            if (resting) {
                resting = false;
                endpoint.idleConnections().decrementAndGet();
                EndpointPool.this.resting.remove(this);
            }
        }
    }
}
