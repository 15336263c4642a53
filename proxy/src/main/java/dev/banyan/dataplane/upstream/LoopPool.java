package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.http1.UpstreamConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to one upstream. The last to rest is the first to go again, so that the rest can age. */
public final class LoopPool {
    /**
     * A connection that has rested longer may be closing at the other end just now, which a request that must not be sent twice
     * cannot risk.
     */
    private static final long JUST_USED_NANOS = Duration.ofMillis(500).toNanos();

    private final UpstreamHandle upstream;
    private final Loop loop;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<EndpointHandle, Deque<Pooled>> resting = new HashMap<>();

    /** Who wants a connection. One of the two is called, on the loop: at once or later. */
    public interface Taker {
        void connected(UpstreamStream stream, Lease lease);

        void failed(UpstreamFailure failure);
    }

    /** A place in the endpoint's count of what is under way; given back once, at the end of the attempt. */
    public static final class Lease {
        private final EndpointHandle endpoint;
        private boolean ended;

        private Lease(EndpointHandle endpoint) {
            this.endpoint = endpoint;
            endpoint.underWay().incrementAndGet();
        }

        /** The endpoint's address, for logs. */
        public String endpoint() {
            return endpoint.endpoint().authority();
        }

        public void end() {
            if (!ended) {
                ended = true;
                endpoint.underWay().decrementAndGet();
            }
        }
    }

    LoopPool(UpstreamHandle upstream, Loop loop) {
        this.upstream = upstream;
        this.loop = loop;
    }

    Loop loop() {
        return loop;
    }

    /** What a request demands of its connection. */
    public enum Freshness {
        /** Any: if it fails at once, it may be sent again. */
        ANY,
        /** New, or used so lately that its peer cannot be closing it for idleness. */
        JUST_USED,
        NEW
    }

    public void take(Freshness freshness, Taker taker) {
        EndpointHandle endpoint = upstream.choose(random);
        Lease lease = new Lease(endpoint);
        UpstreamConnection connection = freshness == Freshness.NEW ? null : rested(endpoint, freshness);
        if (connection != null) {
            taker.connected(connection, lease);
            return;
        }
        Pooled fresh = new Pooled(endpoint);
        upstream.opened(1);
        upstream.connector()
                .connect(
                        loop,
                        upstream.settings(),
                        endpoint,
                        fresh.connection,
                        () -> taker.connected(fresh.connection, lease),
                        cause -> {
                            upstream.opened(-1);
                            lease.end();
                            taker.failed(new UpstreamFailure(
                                    Kind.CONNECT, ConnectFailure.describe(endpoint.endpoint(), cause)));
                        });
    }

    private @Nullable UpstreamConnection rested(EndpointHandle endpoint, Freshness freshness) {
        Deque<Pooled> stack = resting.get(endpoint);
        while (stack != null && !stack.isEmpty()) {
            Pooled last = stack.peek();
            if (freshness == Freshness.JUST_USED && last.connection.restedNanos() > JUST_USED_NANOS) {
                return null;
            }
            stack.pop();
            upstream.idle(-1);
            last.resting = false;
            if (last.connection.usable()) {
                return last.connection;
            }
        }
        return null;
    }

    void closeResting() {
        resting.values().forEach(stack -> new ArrayDeque<>(stack).forEach(pooled -> pooled.connection.close()));
    }

    /** One connection and where it belongs. */
    private final class Pooled implements UpstreamConnection.Home {
        private final EndpointHandle endpoint;
        private final UpstreamConnection connection;
        private boolean resting;

        Pooled(EndpointHandle endpoint) {
            this.endpoint = endpoint;
            this.connection =
                    new UpstreamConnection(this, loop, upstream.settings().keepAlive());
        }

        @Override
        public void rested(UpstreamConnection rested) {
            if (upstream.retired()) {
                rested.close();
                return;
            }
            resting = true;
            upstream.idle(1);
            LoopPool.this
                    .resting
                    .computeIfAbsent(endpoint, none -> new ArrayDeque<>())
                    .push(this);
        }

        @Override
        public void closed(UpstreamConnection closed) {
            upstream.opened(-1);
            if (resting) {
                resting = false;
                upstream.idle(-1);
                LoopPool.this.resting.getOrDefault(endpoint, new ArrayDeque<>()).remove(this);
            }
        }
    }
}
