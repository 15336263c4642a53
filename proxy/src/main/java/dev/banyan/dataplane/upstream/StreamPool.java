package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.http2.Http2UpstreamConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop to one endpoint: one, as long as its streams are enough. Who finds no room waits for the
 * connection that is being opened; none is given out before its peer has shown that it speaks HTTP/2.
 */
final class StreamPool implements Pool {
    private final EndpointHandle endpoint;
    private final Loop loop;
    private final List<Held> ready = new ArrayList<>(2);
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int opening;

    private record Waiting(Taker taker, Lease lease, Duration connectTimeout) {}

    StreamPool(EndpointHandle endpoint, Loop loop) {
        this.endpoint = endpoint;
        this.loop = loop;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public boolean tookOpen(Freshness freshness, Taker taker) {
        Held held = waiting.isEmpty() ? withRoom(freshness) : null;
        if (held != null) {
            held.give(taker, new Lease(endpoint));
        }
        return held != null;
    }

    @Override
    public void open(Duration connectTimeout, Taker taker) {
        waiting.add(new Waiting(taker, new Lease(endpoint), connectTimeout));
        openIfNeeded();
    }

    private @Nullable Held withRoom(Freshness freshness) {
        for (Held held : new ArrayList<>(ready)) {
            Http2UpstreamConnection connection = held.connection;
            boolean rests = connection.busy() == 0;
            if (connection.room() > 0 && fresh(freshness, connection, rests)) {
                return held;
            }
            if (rests) {
                // A newer one takes its place.
                connection.leave();
            }
        }
        return null;
    }

    private static boolean fresh(Freshness freshness, Http2UpstreamConnection connection, boolean rests) {
        return switch (freshness) {
            case ANY -> true;
            // One with streams under way is not being closed for idleness.
            case JUST_USED -> !rests || connection.restedNanos() <= EndpointPool.JUST_USED_NANOS;
            case NEW -> false;
        };
    }

    private void openIfNeeded() {
        Waiting first = waiting.peek();
        if (first == null || opening > 0) {
            return;
        }
        opening++;
        Held fresh = new Held(first.connectTimeout());
        endpoint.openConnections().incrementAndGet();
        endpoint.connector().connect(loop, endpoint, first.connectTimeout(), fresh.connection, () -> {}, detail -> {
            opening--;
            endpoint.openConnections().decrementAndGet();
            disappoint(detail);
        });
    }

    private void disappoint(String detail) {
        List<Waiting> disappointed = new ArrayList<>(waiting);
        waiting.clear();
        for (Waiting one : disappointed) {
            one.lease().end();
            one.taker().failed(new UpstreamFailure(Kind.CONNECT, detail), endpoint);
        }
    }

    private void serveWaiting(Held held) {
        while (!waiting.isEmpty() && held.connection.room() > 0) {
            Waiting next = waiting.remove();
            held.give(next.taker(), next.lease());
        }
        openIfNeeded();
    }

    @Override
    public void closeResting() {
        new ArrayList<>(ready).forEach(held -> held.connection.leave());
    }

    /** One connection and what the endpoint's counts know of it. */
    private final class Held implements Http2UpstreamConnection.Home {
        private final Http2UpstreamConnection connection;
        private boolean idle;

        Held(Duration startTimeout) {
            connection =
                    new Http2UpstreamConnection(this, loop, endpoint.endpoint().tls(), startTimeout);
        }

        void give(Taker taker, Lease lease) {
            idle(false);
            taker.connected(connection.open(), lease);
        }

        private void idle(boolean now) {
            if (idle != now) {
                idle = now;
                endpoint.idleConnections().addAndGet(now ? 1 : -1);
            }
        }

        @Override
        public long keepAliveNanos() {
            return endpoint.keepAliveNanos();
        }

        @Override
        public void ready(Http2UpstreamConnection opened) {
            opening--;
            ready.add(this);
            idle(true);
            if (opened.room() == 0) {
                // Another connection would be told the same.
                disappoint("allows no request at " + endpoint.authority());
            }
            serveWaiting(this);
            if (endpoint.retired()) {
                opened.leave();
            }
        }

        @Override
        public void freed(Http2UpstreamConnection freed) {
            idle(freed.busy() == 0);
            serveWaiting(this);
        }

        @Override
        public void leaving(Http2UpstreamConnection leaving) {
            ready.remove(this);
        }

        @Override
        public void closed(Http2UpstreamConnection closed, @Nullable String neverReady) {
            ready.remove(this);
            idle(false);
            endpoint.openConnections().decrementAndGet();
            if (neverReady != null) {
                opening--;
                disappoint(neverReady + " at " + endpoint.authority());
            } else {
                openIfNeeded();
            }
        }
    }
}
