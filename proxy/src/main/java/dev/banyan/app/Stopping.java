package dev.banyan.app;

import java.util.concurrent.CountDownLatch;

/** Waits until the process is told to stop (SIGTERM, SIGINT), or is asked to by itself, and does not exit before all is closed. */
final class Stopping {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean cleanly;

    Stopping() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            told.countDown();
                            awaitQuietly(done);
                            if (cleanly) {
                                // A signal that was obeyed is no failure; the JVM would say 143 (128 + SIGTERM).
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "banyan-stop"));
    }

    void stop() {
        told.countDown();
    }

    void await() {
        awaitQuietly(told);
    }

    /** All that was asked for is done: the process exits with 0, even if a signal asked. */
    void doneCleanly() {
        cleanly = true;
        done.countDown();
    }

    /** Lets the process go. */
    void done() {
        done.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
