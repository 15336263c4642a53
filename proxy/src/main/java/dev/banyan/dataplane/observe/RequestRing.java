package dev.banyan.dataplane.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/** Numbers from one event loop to the one who counts them, without a lock. What does not fit is dropped: nobody waits for a count. */
final class RequestRing {
    private static final VarHandle WRITTEN;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(RequestRing.class, "written", long.class);
            TAKEN = lookup.findVarHandle(RequestRing.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] items;
    private final int mask;

    // Totals since the start, so that neither ever wraps: each is written by one thread and read by the other.
    private long written;
    private long taken;

    RequestRing(int capacityPowerOfTwo) {
        if (Integer.bitCount(capacityPowerOfTwo) != 1) {
            throw new IllegalArgumentException("capacity: " + capacityPowerOfTwo + " (expected: a power of two)");
        }
        items = new long[capacityPowerOfTwo];
        mask = capacityPowerOfTwo - 1;
    }

    /** False if there was no room. Called by the loop. */
    boolean offer(long item) {
        long at = written;
        if (at - (long) TAKEN.getAcquire(this) == items.length) {
            return false;
        }
        items[(int) at & mask] = item;
        WRITTEN.setRelease(this, at + 1);
        return true;
    }

    /** Called by one thread at a time. */
    void drainTo(LongConsumer consumer) {
        long to = (long) WRITTEN.getAcquire(this);
        for (long at = taken; at < to; at++) {
            consumer.accept(items[(int) at & mask]);
        }
        TAKEN.setRelease(this, to);
    }
}
