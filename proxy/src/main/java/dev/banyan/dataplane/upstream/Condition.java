package dev.banyan.dataplane.upstream;

import dev.banyan.contract.LiveUpstreams;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of one endpoint's health: by probes, by how its last attempts went, and since when it is back. Read by every loop for
 * each request, changed a few times a day.
 */
public final class Condition {
    /** How long an endpoint that came back gets less than its share: a JVM or a cache that is cold must warm up first. */
    static final long WARM_UP_NANOS = Duration.ofSeconds(10).toNanos();

    private static final double COLDEST = 0.1;

    private final AtomicInteger failuresInRow = new AtomicInteger();

    private volatile boolean down;
    private volatile boolean ejected;
    private volatile long ejectedUntilNanos;
    private volatile boolean cold;
    private volatile long backSinceNanos;

    /** Whether it takes requests now. */
    boolean inRotation(long nowNanos) {
        return !down && !ejected(nowNanos);
    }

    /** Whether probes found it down. */
    public boolean down() {
        return down;
    }

    /** Whether it failed too often in a row, and is left alone for a while. */
    public boolean ejected(long nowNanos) {
        if (!ejected) {
            return false;
        }
        if (nowNanos - ejectedUntilNanos < 0) {
            return true;
        }
        ejected = false;
        comesBack(ejectedUntilNanos);
        return false;
    }

    void eject(long untilNanos) {
        failuresInRow.set(0);
        ejectedUntilNanos = untilNanos;
        ejected = true;
    }

    /** The attempt went well. */
    void succeeded() {
        // Read first: a write for each request would pull the line from every other core's cache.
        if (failuresInRow.get() != 0) {
            failuresInRow.set(0);
        }
    }

    /** The attempt failed; tells how many did in a row. */
    int failed() {
        return failuresInRow.incrementAndGet();
    }

    void goesDown() {
        down = true;
    }

    /** Probes find it up again, or nobody probes any more. */
    void comesUp(long nowNanos) {
        if (down) {
            down = false;
            comesBack(nowNanos);
        }
    }

    /** It was not in rotation until now. */
    void comesBack(long nowNanos) {
        backSinceNanos = nowNanos;
        cold = true;
    }

    /** The part of its share that it is to get, up to 1. */
    double warmth(long nowNanos) {
        if (!cold) {
            return 1;
        }
        double warmth = (double) (nowNanos - backSinceNanos) / WARM_UP_NANOS;
        if (warmth >= 1) {
            cold = false;
            return 1;
        }
        return Math.max(COLDEST, warmth);
    }

    /** As {@link LiveUpstreams.LiveEndpoint} has it. */
    public String word(long nowNanos) {
        if (down) {
            return "unhealthy";
        }
        if (ejected(nowNanos)) {
            return "ejected";
        }
        return warmth(nowNanos) < 1 ? "warming" : LiveUpstreams.LiveEndpoint.READY;
    }
}
