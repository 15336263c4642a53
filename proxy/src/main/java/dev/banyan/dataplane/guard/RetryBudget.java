package dev.banyan.dataplane.guard;

import dev.banyan.routing.Upstream;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps retries from finishing off an upstream that is failing: they are a share of the requests of the last ten seconds, and a few a
 * second whatever the share, so that an upstream with little traffic gets some at all (Finagle's RetryBudget, Envoy's retry_budget).
 *
 * <p>Requests are counted without a lock; only who wants a retry looks at the clock.
 */
public final class RetryBudget {
    private static final int SECONDS = 10;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final double WHOLE_BASIS_POINTS = 10_000;

    private final double share;
    private final long alwaysAllowed;
    private final long originNanos;
    private final LongAdder requests = new LongAdder();
    private final long[] requestsAt = new long[SECONDS];
    private final long[] retriesIn = new long[SECONDS];
    private long second;

    /** @param nowNanos as {@link System#nanoTime()} */
    public RetryBudget(Upstream.Retries settings, long nowNanos) {
        this.share = settings.budget().basisPoints() / WHOLE_BASIS_POINTS;
        this.alwaysAllowed = (long) settings.atLeastPerSecond() * SECONDS;
        this.originNanos = nowNanos;
    }

    /** A request came, whatever becomes of it. */
    public void request() {
        requests.increment();
    }

    /** Whether one more attempt fits; if so, it is counted. */
    public synchronized boolean withdraw(long nowNanos) {
        long total = requests.sum();
        moveTo((nowNanos - originNanos) / NANOS_PER_SECOND, total);
        long oldest = requestsAt[(int) ((second + 1) % SECONDS)];
        double allowed = Math.max((double) alwaysAllowed, share * (total - oldest));
        long spent = 0;
        for (long retries : retriesIn) {
            spent += retries;
        }
        if (spent + 1 > allowed) {
            return false;
        }
        retriesIn[(int) (second % SECONDS)]++;
        return true;
    }

    /**
     * Nobody asked in the seconds between, so how many of the requests fell into which of them is not known: none is counted, which is
     * the careful side.
     */
    private void moveTo(long now, long total) {
        if (now - second >= SECONDS) {
            second = now - SECONDS;
        }
        while (second < now) {
            second++;
            int slot = (int) (second % SECONDS);
            retriesIn[slot] = 0;
            requestsAt[slot] = total;
        }
    }
}
