package dev.banyan.testing;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets an upstream's script go on when the test says so. */
public final class Step implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final Semaphore steps = new Semaphore(0);

    public void next() {
        steps.release();
    }

    public void await() throws IOException {
        try {
            if (!steps.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the test did not go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the test has ended", e);
        }
    }

    @Override
    public void close() {
        steps.release(Short.MAX_VALUE);
    }
}
