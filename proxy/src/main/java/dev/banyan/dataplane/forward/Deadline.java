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
 * @param ofUpstream whether it is the upstream's {@code timeouts.total}; else the client's patience, which is no fault of the upstream
 */
record Deadline(long atNanos, boolean ofUpstream) {

    /** The earlier of what the upstream's settings allow from now on, and of what a client of gRPC allowed when it began. */
    static @Nullable Deadline of(Exchange exchange, Upstream.Timeouts timeouts) {
        Optional<Deadline> settings =
                timeouts.total().map(total -> new Deadline(exchange.loop().coarseNanos() + total.toNanos(), true));
        Optional<Deadline> client = GrpcTimeout.of(exchange.head())
                .map(patience -> new Deadline(exchange.startNanos() + nanos(patience), false));
        if (settings.isEmpty()) {
            return client.orElse(null);
        }
        return client.filter(earlier -> earlier.atNanos - settings.get().atNanos < 0)
                .orElse(settings.get());
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
        return ofUpstream
                ? new UpstreamFailure(Kind.TOTAL_TIMEOUT, "did not finish in the time for all of it")
                : new UpstreamFailure(Kind.CLIENT_DEADLINE, "did not finish within the client's grpc-timeout");
    }
}
