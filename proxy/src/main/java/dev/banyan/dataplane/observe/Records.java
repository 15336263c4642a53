package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.RecordReader;
import dev.banyan.dataplane.loop.Loop;
import io.micrometer.core.instrument.Counter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what happened from the event loops to those who count and judge it. A request costs its loop one place in a bounded ring of its
 * own; whoever holds the lock takes the records out, in order for each loop: a thread, five times a second and whenever a ring is half
 * full, and before it answers whoever is asked for a number.
 */
final class Records implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final int RING_RECORDS = 1 << 14;
    private static final long NANOS_BETWEEN_LOOKS = 200_000_000;

    private final RecordRing[] rings;
    private final Counter dropped;
    private final List<RecordReader> readers;
    private final Thread reading;
    private volatile boolean closed;

    /**
     * Reads until it is closed.
     *
     * @param loops how many there are
     * @param dropped counts requests that came faster than they could be read
     */
    Records(int loops, Counter dropped, List<RecordReader> readers) {
        this.rings = new RecordRing[loops];
        Arrays.setAll(rings, loop -> new RecordRing(RING_RECORDS));
        this.dropped = dropped;
        this.readers = List.copyOf(readers);
        this.reading = new Thread(this::readOn, "banyan-records");
        reading.setDaemon(true);
        reading.start();
    }

    /** On that loop. */
    void offer(Loop loop, ExchangeRecord record) {
        switch (rings[loop.number()].offer(record)) {
            case KEPT -> {}
            case HALF_FULL -> LockSupport.unpark(reading);
            case NO_ROOM -> dropped.increment();
        }
    }

    private void readOn() {
        while (!closed) {
            catchUp();
            LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
        }
    }

    /** When it returns, the readers know of all that had ended when it was called. */
    synchronized void catchUp() {
        for (RecordRing ring : rings) {
            ring.drainTo(this::read);
        }
        eachReader(RecordReader::caughtUp);
    }

    private void read(ExchangeRecord record) {
        eachReader(reader -> reader.read(record));
    }

    /** A bug in one must not keep the others, and all that comes later, from being read. */
    private void eachReader(Consumer<RecordReader> told) {
        for (RecordReader reader : readers) {
            try {
                told.accept(reader);
            } catch (RuntimeException e) {
                LOG.error("a reader of what became of requests failed reader={}", reader, e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(reading);
    }
}
