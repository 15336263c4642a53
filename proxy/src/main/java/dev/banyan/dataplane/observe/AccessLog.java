package dev.banyan.dataplane.observe;

import dev.banyan.dataplane.exchange.Exchange;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One JSON line an exchange: formatted on its loop, written by one thread for all loops. Never a query, a cookie or a body. */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int RING_BYTES = 1 << 20;

    /**
     * How long a line may wait for others to go with it. Each time the writer wakes, it may take the CPU from a loop in the middle of
     * a request; a busy proxy has hundreds of lines by then, and the loop wakes the writer earlier if the ring fills.
     */
    private static final long GATHER_NANOS = 50_000_000;

    private final LoopLog[] byLoop;
    private final WritableByteChannel out;
    private final Counter dropped;
    private final Thread writer;
    private volatile boolean closing;
    private boolean failing;

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
        this.writer = new Thread(this::write, "banyan-access-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** On the exchange's loop. */
    public void record(Exchange exchange) {
        LoopLog own = byLoop[exchange.loop().number()];
        AccessLine line = own.line();
        line.format(exchange);
        switch (own.ring().offer(line.bytes(), line.length())) {
            case KEPT -> {}
            case HALF_FULL -> LockSupport.unpark(writer);
            case NO_ROOM -> dropped.increment();
        }
    }

    private void write() {
        while (!closing) {
            drain();
            LockSupport.parkNanos(GATHER_NANOS);
        }
        drain();
    }

    private void drain() {
        for (LoopLog loop : byLoop) {
            try {
                loop.ring().drainTo(out);
                failing = false;
            } catch (IOException e) {
                if (!failing) {
                    LOG.warn("access log could not be written, lines are lost until it can: {}", e.toString());
                }
                failing = true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.close();
    }
}
