package dev.banyan.dataplane.wire;

import dev.banyan.dataplane.message.rules.MinimumRate;
import java.time.Duration;

/**
 * Time-outs towards clients.
 *
 * @param idle between two bytes of a body, and for a client that takes nothing of its answer
 * @param linger for a client that does not close after its last answer
 * @param tunnelIdle for a WebSocket in which nothing moves, either way
 */
public record ClientTimeouts(
        Duration head, Duration keepAlive, Duration idle, Duration linger, MinimumRate bodyRate, Duration tunnelIdle) {
    /** A quiet WebSocket is no broken one, and browsers send no pings: many last for hours. */
    private static final Duration TUNNEL_IDLE = Duration.ofHours(1);

    private static final long DRAINING_NANOS = Duration.ofSeconds(1).toNanos();

    public static final ClientTimeouts DEFAULT = new ClientTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(75), Duration.ofSeconds(60), Duration.ofSeconds(5));

    public ClientTimeouts(Duration head, Duration keepAlive, Duration idle, Duration linger) {
        this(head, keepAlive, idle, linger, MinimumRate.DEFAULT);
    }

    public ClientTimeouts(Duration head, Duration keepAlive, Duration idle, Duration linger, MinimumRate bodyRate) {
        this(head, keepAlive, idle, linger, bodyRate, TUNNEL_IDLE);
    }

    /** How long a connection may wait for a request; while the listener drains, a moment, for one that is on its way. */
    public long keepAliveNanos(boolean draining) {
        return draining ? Math.min(DRAINING_NANOS, keepAlive.toNanos()) : keepAlive.toNanos();
    }
}
