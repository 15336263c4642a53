package dev.banyan.dataplane.message.rules;

import java.time.Duration;

/**
 * How fast a client must send a body on average, so that thousands of slow ones cannot keep thousands of upstream connections. Time in
 * which the body was not wanted does not count.
 *
 * @param grace how long is not judged, from the body's first byte on
 */
public record MinimumRate(long bytesPerSecond, Duration grace) {
    /** As Kestrel has it, with twice its patience for mobile networks. */
    public static final MinimumRate DEFAULT = new MinimumRate(240, Duration.ofSeconds(10));

    boolean isMissed(long bytes, long nanos) {
        return nanos > grace.toNanos() && bytes < bytesPerSecond * (nanos / 1e9);
    }
}
