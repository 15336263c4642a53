package dev.banyan.dataplane.mirror;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is asked after a while: so much of it at most, in number and in bytes, and only where copies are made by then. Used by all loops and
 * who compares.
 */
final class Later {
    private static final int MOST = 500;
    private static final long MOST_BYTES = 16L << 20;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytesWaiting = new AtomicLong();
    private volatile Set<String> shadowed = Set.of();

    /** @param routes of which copies are made from now on */
    void shadowed(Set<String> routes) {
        shadowed = Set.copyOf(routes);
    }

    /**
     * Does one of two things after a while, on the request's event loop.
     *
     * @param bytes what is kept until then
     * @param then while its route is shadowed
     * @param stopped when it is not any more: a freeze means that nothing is asked
     * @return false: neither, since too many wait, or its credentials may not be used so late
     */
    boolean run(KeptRequest request, long bytes, Duration wait, Runnable then, Runnable stopped) {
        if (request.left().compareTo(wait) <= 0) {
            return false;
        }
        boolean tooMany = waiting.incrementAndGet() > MOST;
        boolean tooLarge = bytesWaiting.addAndGet(bytes) > MOST_BYTES;
        if (tooMany || tooLarge) {
            release(bytes);
            return false;
        }
        try {
            request.loop()
                    .eventLoop()
                    .schedule(
                            () -> {
                                release(bytes);
                                boolean goesOn =
                                        shadowed.contains(request.decision().routeId());
                                (goesOn ? then : stopped).run();
                            },
                            wait.toNanos(),
                            TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            // The process ends.
            release(bytes);
            return false;
        }
    }

    private void release(long bytes) {
        waiting.decrementAndGet();
        bytesWaiting.addAndGet(-bytes);
    }
}
