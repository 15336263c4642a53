package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When an exchange must be over.
 *
 * @param atNanos as {@link System#nanoTime()}
 * @param ofClient whether it is the client's patience, which is no fault of the upstream; else the upstream's {@code timeouts.total}
 */
record Deadline(long atNanos, boolean ofClient) {

    /** The earlier of what the upstream's settings allow from now on, and of what a client of gRPC allowed when it began. */
    static @Nullable Deadline of(Exchange exchange, Upstream.Timeouts timeouts) {
        Deadline client = ofClient(exchange);
        if (timeouts.total().isEmpty()) {
            return client;
        }
        long end = exchange.loop().coarseNanos() + timeouts.total().get().toNanos();
        return client != null && client.atNanos - end < 0 ? client : new Deadline(end, false);
    }

    private static @Nullable Deadline ofClient(Exchange exchange) {
        Optional<Duration> patience = GrpcTimeout.of(exchange);
        return patience.isEmpty() ? null : new Deadline(exchange.course().startNanos() + nanos(patience.get()), true);
    }

    /** Eight digits of hours are longer than a {@code long} of nanoseconds can tell, and differences of two must fit in it, too. */
    private static long nanos(Duration patience) {
        return patience.compareTo(Duration.ofDays(365)) > 0
                ? Duration.ofDays(365).toNanos()
                : patience.toNanos();
    }

    boolean hasPassed(long nowNanos) {
        return nowNanos - atNanos >= 0;
    }

    UpstreamFailure failure() {
        return ofClient
                ? new UpstreamFailure(Kind.CLIENT_DEADLINE, "did not finish within the client's grpc-timeout")
                : new UpstreamFailure(Kind.TOTAL_TIMEOUT, "did not finish in the time for all of it");
    }
}
