package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.exchange.Exchange;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One JSON line per exchange: formatted on its loop, written by one thread for all loops. Never a query, a cookie or a body. */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int RING_BYTES = 1 << 20;

    /**
     * How long a line may wait for others to go with it. Each time the writer wakes, it may take the CPU from a loop in the middle of
     * a request; a busy proxy has hundreds of lines by then, and the loop wakes the writer earlier if the ring fills.
     */
    private static final long GATHER_NANOS = 50_000_000;

    private static final long TELL_EVERY_NANOS = 10_000_000_000L;
    private static final long FAREWELL_MILLIS = 1_000;
    private static final byte[] LINE_END = {'\n'};

    private final LoopLog[] byLoop;
    private final WritableByteChannel out;
    private final Counter dropped;
    private final Thread writer;
    private volatile boolean closing;

    // Of the writer alone, all that follow.
    private boolean failing;
    private boolean torn;
    private double told;
    private long toldAtNanos;

    /** A loop's line under construction and its way out. */
    private record LoopLog(AccessLine line, LineRing ring) {}

    /**
     * Writes until it is closed.
     *
     * @param loops how many there are
     * @param out closed at the end, unless it is the process's own
     */
    public AccessLog(int loops, WritableByteChannel out, InstantSource clock, Counter dropped) {
        this.byLoop = new LoopLog[loops];
        Arrays.setAll(byLoop, loop -> new LoopLog(new AccessLine(clock), new LineRing(RING_BYTES)));
        this.out = out;
        this.dropped = dropped;
        this.told = dropped.count();
        this.toldAtNanos = System.nanoTime() - TELL_EVERY_NANOS;
        this.writer = new Thread(this::write, "banyan-access-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** On the exchange's loop. */
    void add(Exchange exchange, ExchangeRecord record) {
        LoopLog own = byLoop[exchange.loop().number()];
        AccessLine line = own.line();
        line.format(exchange, record);
        switch (own.ring().offer(line.bytes(), line.length())) {
            case KEPT -> {}
            case HALF_FULL -> LockSupport.unpark(writer);
            case NO_ROOM -> dropped.increment();
        }
    }

    private void write() {
        while (!closing) {
            drain();
            tellOfMissing();
            LockSupport.parkNanos(GATHER_NANOS);
        }
        drain();
    }

    private void drain() {
        for (LoopLog loop : byLoop) {
            try {
                if (torn) {
                    out.write(ByteBuffer.wrap(LINE_END));
                    torn = false;
                }
                if (loop.ring().drainTo(out)) {
                    failing = false;
                }
            } catch (LineRing.LinesLost e) {
                torn |= e.torn();
                dropped.increment(e.lines());
                failed(e.getCause());
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private void failed(@Nullable Throwable cause) {
        if (!failing) {
            LOG.warn("access log could not be written, lines are lost until it can: {}", String.valueOf(cause));
        }
        failing = true;
    }

    /** Only where a write has come back: whoever stands still here has nobody to tell either. Not more often than people read. */
    private void tellOfMissing() {
        double missing = dropped.count() - told;
        if (missing > 0 && !failing && System.nanoTime() - toldAtNanos > TELL_EVERY_NANOS) {
            LOG.warn("dropped lines of the access log, because nobody took them lines={}", (long) missing);
            told += missing;
            toldAtNanos = System.nanoTime();
        }
    }

    /** Gives the last lines a second to get away; an output that stands still must not hold up the end. */
    @Override
    public void close() throws IOException {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            // Nor is it closed: that waits for a write under way, on some file systems for ever.
            LOG.warn("access log could not be written to its end, nobody takes its last lines");
        } else {
            out.close();
        }
    }
}
