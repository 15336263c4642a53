package dev.banyan.dataplane.observe;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.loop.Loop;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One JSON line an exchange: formatted on its loop, written by one thread for all loops. Never a query, a cookie or a body. */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int RING_BYTES = 1 << 20;
    private static final long IDLE_NANOS = 5_000_000;

    private final Map<Loop, LoopLog> byLoop = new HashMap<>();
    private final List<LineRing> rings;
    private final WritableByteChannel out;
    private final Counter dropped;
    private final Thread writer;
    private volatile boolean closing;
    private boolean failing;

    /** A loop's line under construction and its way out. */
    private record LoopLog(AccessLine line, LineRing ring) {}

    /** @param out closed at the end, unless it is the process's own */
    public AccessLog(Collection<Loop> loops, WritableByteChannel out, InstantSource clock, Counter dropped) {
        loops.forEach(loop -> byLoop.put(loop, new LoopLog(new AccessLine(clock), new LineRing(RING_BYTES))));
        this.rings = byLoop.values().stream().map(LoopLog::ring).toList();
        this.out = out;
        this.dropped = dropped;
        this.writer = new Thread(this::write, "banyan-access-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** On the exchange's loop. */
    public void record(Exchange exchange) {
        LoopLog own = byLoop.get(exchange.loop());
        if (own == null) {
            return;
        }
        AccessLine line = own.line();
        line.format(exchange);
        if (!own.ring().offer(line.bytes(), line.length())) {
            dropped.increment();
        }
    }

    private void write() {
        while (!closing) {
            if (!drain()) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
        drain();
    }

    private boolean drain() {
        boolean any = false;
        for (LineRing ring : rings) {
            try {
                any |= ring.drainTo(out);
                failing = false;
            } catch (IOException e) {
                if (!failing) {
                    LOG.warn("access log could not be written, lines are lost until it can: {}", e.toString());
                }
                failing = true;
            }
        }
        return any;
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
