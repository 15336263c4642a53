package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import org.jspecify.annotations.Nullable;

/** How long an upstream is waited for within one attempt, over whichever protocol: to take the request, to begin its answer, to go on. */
public final class UpstreamPatience {
    private long responseTimeoutNanos;
    private long idleTimeoutNanos;
    private long sinceNanos;

    /**
     * An attempt begins.
     *
     * @param responseTimeoutNanos from the end of the request until the answer's head
     * @param idleTimeoutNanos without a byte, either way
     */
    public void begin(long responseTimeoutNanos, long idleTimeoutNanos, long nowNanos) {
        this.responseTimeoutNanos = responseTimeoutNanos;
        this.idleTimeoutNanos = idleTimeoutNanos;
        sinceNanos = nowNanos;
    }

    /** Something moved. A slow upload is no slow answer: the wait for the head begins when the request is whole. */
    public void moved(long nowNanos) {
        sinceNanos = nowNanos;
    }

    public long waitedNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    /**
     * Null if it is waited for on.
     *
     * @param requestStuck the upstream takes no more of the request, though there is more
     */
    public @Nullable UpstreamFailure beforeHead(boolean requestComplete, boolean requestStuck, long nowNanos) {
        if (requestComplete) {
            return waitedNanos(nowNanos) > responseTimeoutNanos
                    ? new UpstreamFailure(Kind.RESPONSE_TIMEOUT, "did not begin to answer in time")
                    : null;
        }
        return requestStuck && waitedNanos(nowNanos) > idleTimeoutNanos
                ? new UpstreamFailure(Kind.IDLE_TIMEOUT, "stopped taking the request")
                : null;
    }

    /** Null if it is waited for on. */
    public @Nullable UpstreamFailure withinAnswer(boolean answerWanted, long nowNanos) {
        return answerWanted && waitedNanos(nowNanos) > idleTimeoutNanos
                ? new UpstreamFailure(Kind.IDLE_TIMEOUT, "stopped within its answer")
                : null;
    }
}
