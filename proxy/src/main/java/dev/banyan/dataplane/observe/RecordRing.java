package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records from one event loop to the one who reads them, without a lock. What does not fit is dropped: nobody waits for a reader. */
final class RecordRing {
    private static final VarHandle WRITTEN;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(RecordRing.class, "written", long.class);
            TAKEN = lookup.findVarHandle(RecordRing.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable ExchangeRecord[] items;
    private final int mask;

    // Totals since the start, so that neither ever wraps: each is written by one thread and read by the other.
    private long written;
    private long taken;

    RecordRing(int capacityPowerOfTwo) {
        if (Integer.bitCount(capacityPowerOfTwo) != 1) {
            throw new IllegalArgumentException("capacity: " + capacityPowerOfTwo + " (expected: a power of two)");
        }
        items = new ExchangeRecord[capacityPowerOfTwo];
        mask = capacityPowerOfTwo - 1;
    }

    /** What became of a record. */
    enum Offered {
        KEPT,
        /** Kept, and it is the one that fills half of the ring. */
        HALF_FULL,
        /** Dropped. */
        NO_ROOM
    }

    /** Called by the loop. */
    Offered offer(ExchangeRecord item) {
        long at = written;
        long waiting = at - (long) TAKEN.getAcquire(this);
        if (waiting == items.length) {
            return Offered.NO_ROOM;
        }
        items[(int) at & mask] = item;
        WRITTEN.setRelease(this, at + 1);
        return waiting == items.length / 2 ? Offered.HALF_FULL : Offered.KEPT;
    }

    /** Called by one thread at a time. */
    void drainTo(Consumer<ExchangeRecord> consumer) {
        long to = (long) WRITTEN.getAcquire(this);
        for (long at = taken; at < to; at++) {
            int slot = (int) at & mask;
            ExchangeRecord item = items[slot];
            items[slot] = null; // not kept alive until the ring comes round again
            if (item != null) {
                consumer.accept(item);
            }
        }
        TAKEN.setRelease(this, to);
    }
}
