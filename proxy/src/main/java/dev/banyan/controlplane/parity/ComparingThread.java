package dev.banyan.controlplane.parity;

import dev.banyan.contract.SeenAnswer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that compares, and what waits for it: bounded in number and in bytes, since event loops do not wait for anybody. */
final class ComparingThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ComparingThread.class);
    private static final int MOST_WAITING = 1_000;
    private static final long MOST_BYTES_WAITING = 16L << 20;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    /** So long nothing is done while nothing comes. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    /**
     * What comes within so long is compared one after the other. Nobody waits for a verdict, and to wake the thread for each pair would
     * cost event loops more than the comparing.
     */
    private static final Duration TOGETHER = Duration.ofMillis(5);

    /** So that there is a between, however much comes. */
    private static final int MOST_TOGETHER = 256;

    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicLong bytesWaiting = new AtomicLong();
    private final Runnable between;
    private final Runnable last;
    private final Thread thread;

    /** What is to be compared, and how many bytes of memory it holds until then. */
    private record Waiting(long bytes, String route, String requestId, Runnable compare) {}

    /**
     * One that does not run yet.
     *
     * @param between is run now and then
     * @param last is run in the end
     */
    ComparingThread(Runnable between, Runnable last) {
        this.between = between;
        this.last = last;
        thread = new Thread(this::run, "banyan-parity");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Has something compared.
     *
     * @param requestId by which a failure is found in the logs
     * @param one holds memory until then, as {@code other} does
     * @return false: too much waits already
     */
    boolean offer(String route, String requestId, SeenAnswer one, SeenAnswer other, Runnable compare) {
        long bytes = (long) one.body().length + other.body().length;
        if (bytesWaiting.addAndGet(bytes) > MOST_BYTES_WAITING
                || !waiting.offer(new Waiting(bytes, route, requestId, compare))) {
            bytesWaiting.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Waiting next = waiting.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                for (int together = 0; next != null && together < MOST_TOGETHER; together++) {
                    bytesWaiting.addAndGet(-next.bytes());
                    compare(next);
                    next = together < MOST_TOGETHER - 1 ? waiting.poll() : null;
                }
                between.run();
                if (waiting.isEmpty()) {
                    LockSupport.parkNanos(TOGETHER.toNanos());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("closed: what waits is of no use to anybody");
        }
        // Who is interrupted cannot write a file.
        Thread.interrupted();
        last.run();
    }

    private static void compare(Waiting next) {
        try {
            next.compare().run();
        } catch (RuntimeException e) {
            // One pair more or less is nothing; the thread is all there is.
            LOG.error("could not compare two answers route={} request={}", next.route(), next.requestId(), e);
        }
    }

    /** Waits, for a moment, until the last is done. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
