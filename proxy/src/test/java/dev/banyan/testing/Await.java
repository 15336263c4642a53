package dev.banyan.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for what another thread will bring about. */
public final class Await {
    private Await() {}

    public static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    public static void untilWithin(Duration limit, Callable<Boolean> condition) {
        await().atMost(limit).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    /** For lambdas that may throw nothing. */
    public static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a counter says when it has not moved for a while. */
    public static long standstillOf(AtomicLong counter) {
        long before = -1;
        while (counter.get() > before) {
            before = counter.get();
            long seen = before;
            try {
                untilWithin(Duration.ofMillis(700), () -> counter.get() > seen);
            } catch (ConditionTimeoutException e) {
                return before;
            }
        }
        return before;
    }
}
