package dev.banyan.dataplane.mirror;

import java.time.Duration;
import java.util.Map;
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

    /** Of the time that credentials may be used, so much is left for answers. */
    static final Duration TO_ANSWER = Duration.ofSeconds(2);

    private static final long MOST_BYTES = 16L << 20;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytesWaiting = new AtomicLong();
    private volatile Map<String, InForce> shadowed = Map.of();

    /** @param routes of which copies are made from now on, by id */
    void shadowed(Map<String, InForce> routes) {
        shadowed = Map.copyOf(routes);
    }

    /** Whether a request may still be asked by what it was decided by. */
    boolean isInForce(KeptRequest request) {
        return request.inForce().equals(shadowed.get(request.decision().routeId()));
    }

    /** The very same object as before, where nothing has changed: it is looked at for each copy. */
    InForce kept(InForce next) {
        InForce before = shadowed.get(next.route().id());
        return before != null && before.equals(next) ? before : next;
    }

    /**
     * Does one of two things after a while, on the request's event loop.
     *
     * @param bytes what is kept until then
     * @param then if its route is what it was
     * @param stopped if it is not: a freeze means that nothing is asked
     * @return false: neither, since too many wait, or its credentials may not be used so late
     */
    boolean run(KeptRequest request, long bytes, Duration wait, Runnable then, Runnable stopped) {
        if (request.left().minus(TO_ANSWER).compareTo(wait) < 0) {
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
                                (isInForce(request) ? then : stopped).run();
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
