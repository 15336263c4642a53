package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.MessageError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a request's body keeps coming, judged by a sweep: neither stopped nor slower than the minimum rate. */
public final class BodyPace {
    private final long idleNanos;
    private final MinimumRate minimum;
    private long bytes;
    private long judgedNanos;
    private long lastActivityNanos;
    private boolean unhurried;

    public BodyPace(Duration idle, MinimumRate minimum) {
        this.idleNanos = idle.toNanos();
        this.minimum = minimum;
    }

    public void begin(long nowNanos) {
        bytes = 0;
        judgedNanos = 0;
        lastActivityNanos = nowNanos;
    }

    /**
     * Something of the body came.
     *
     * @param more its bytes; 0 where it was not whole enough to count
     */
    public void came(long more, long nowNanos) {
        bytes += more;
        lastActivityNanos = nowNanos;
    }

    /** It need not keep up with a rate; it still may not stop. */
    public void unhurried() {
        unhurried = true;
    }

    /** Time passed in which the client could have sent; null if its pace is good enough. */
    public @Nullable MessageError passed(long nanos, long nowNanos) {
        // From the first byte on: before it, the client may wait for 100.
        judgedNanos += bytes > 0 ? nanos : 0;
        if (nowNanos - lastActivityNanos > idleNanos) {
            return new MessageError(408, "body-timeout", "the request's body stopped coming");
        }
        return !unhurried && minimum.isMissed(bytes, judgedNanos)
                ? new MessageError(408, "body-too-slow", "the request's body came too slowly")
                : null;
    }

    /** Time passed in which the body was not wanted. */
    public void notWanted(long nowNanos) {
        lastActivityNanos = nowNanos;
    }
}
