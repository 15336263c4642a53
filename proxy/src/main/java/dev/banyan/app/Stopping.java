package dev.banyan.app;

import java.util.concurrent.CountDownLatch;

/** Waits until the process is told to stop (SIGTERM, SIGINT), or is asked to by itself, and does not exit before all is closed. */
final class Stopping {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    Stopping() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            told.countDown();
                            awaitQuietly(done);
                        },
                        "banyan-stop"));
    }

    void stop() {
        told.countDown();
    }

    void await() {
        awaitQuietly(told);
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
