package dev.banyan.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the process is told to stop (SIGTERM, SIGINT), or is asked to by itself, and does not exit before all is closed; but it
 * exits, whatever hangs.
 */
final class Stopping {
    /** Of a process whose end was cut. */
    private static final int CUT = 1;

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Duration limit;
    private final Runnable lastWords;
    private volatile boolean cleanly;

    /**
     * From now on signals are heard.
     *
     * @param limit how long the end may take; then it is cut
     * @param lastWords before it is cut, for at most a second
     */
    Stopping(Duration limit, Runnable lastWords) {
        this.limit = limit;
        this.lastWords = lastWords;
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop();
                            awaitQuietly(done);
                            if (cleanly) {
                                // A signal that was obeyed is no failure; the JVM would say 143 (128 + SIGTERM).
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "banyan-stop"));
        daemon("banyan-end", this::cutIfItTakesTooLong);
    }

    private void cutIfItTakesTooLong() {
        awaitQuietly(told);
        if (!isDoneIn(limit)) {
            Thread saying = daemon("banyan-last-words", lastWords);
            joinQuietly(saying);
            Runtime.getRuntime().halt(CUT);
        }
    }

    private boolean isDoneIn(Duration time) {
        try {
            return done.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
