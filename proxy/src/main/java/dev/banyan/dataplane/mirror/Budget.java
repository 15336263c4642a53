package dev.banyan.dataplane.mirror;

import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Banyan may ask one upstream by itself, over all loops: an eighth of what clients may, and nothing while clients wait for it. Kept
 * over changes of the table.
 */
final class Budget {
    private static final int PART = 8;
    private static final int MOST_AT_ONCE = 64;
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration PAUSE_OF_REPEATS = Duration.ofMinutes(10);

    private final AtomicInteger underWay = new AtomicInteger();

    // Written by whoever is told 423 or 429; read before each copy.
    private volatile long pausedUntilNanos = System.nanoTime();
    private volatile long repeatsPausedUntilNanos = pausedUntilNanos;

    /**
     * Takes a place, which {@link #release} gives back.
     *
     * @param clients by which clients reach the same upstream
     * @param again for what it has been asked by a client
     * @return empty if there is a place, else why not
     */
    Optional<Unmade> take(UpstreamHandle clients, boolean again) {
        long now = System.nanoTime();
        if (now - pausedUntilNanos < 0 || again && now - repeatsPausedUntilNanos < 0) {
            return Optional.of(Unmade.RATE_LIMITED);
        }
        if (clients.strains()) {
            return Optional.of(Unmade.STRAINED);
        }
        if (underWay.incrementAndGet() > most(clients.settings())) {
            underWay.decrementAndGet();
            return Optional.of(Unmade.BUDGET);
        }
        return Optional.empty();
    }

    static int most(Upstream settings) {
        return Math.max(1, Math.min(MOST_AT_ONCE, settings.limits().concurrent() / PART));
    }

    void release() {
        underWay.decrementAndGet();
    }

    /** It said 429. */
    void pause() {
        pausedUntilNanos = System.nanoTime() + PAUSE.toNanos();
    }

    /** It said 423 or 429, which may be meant for a person: nothing is asked twice for a while. */
    void pauseRepeats() {
        repeatsPausedUntilNanos = System.nanoTime() + PAUSE_OF_REPEATS.toNanos();
    }
}
