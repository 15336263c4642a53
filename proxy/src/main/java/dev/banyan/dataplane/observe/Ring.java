package dev.banyan.dataplane.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The two ends of a ring that one event loop fills and one other thread at a time empties, without a lock. What does not fit is dropped:
 * whoever reads slowly must not become a slow request.
 */
abstract class Ring {
    private static final VarHandle WRITTEN;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(Ring.class, "written", long.class);
            TAKEN = lookup.findVarHandle(Ring.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;

    // Totals since the start, so that neither ever wraps: each is written by one thread and read by the other.
    private long written;
    private long taken;

    Ring(int capacityPowerOfTwo) {
        if (Integer.bitCount(capacityPowerOfTwo) != 1) {
            throw new IllegalArgumentException("capacity: " + capacityPowerOfTwo + " (expected: a power of two)");
        }
        capacity = capacityPowerOfTwo;
    }

    /** What became of something that was offered. */
    enum Offered {
        KEPT,
        /** Kept, and with it more than half of the ring is full, for the first time since the reader was here. */
        HALF_FULL,
        /** Dropped. */
        NO_ROOM
    }

    /** The place of a total. */
    final int slot(long total) {
        return (int) total & (capacity - 1);
    }

    // For the loop.

    /** The total from which on it writes. */
    final long written() {
        return written;
    }

    /** How much the reader has not taken. */
    final long waiting() {
        return written - (long) TAKEN.getAcquire(this);
    }

    final boolean hasRoom(long waiting, int more) {
        return capacity - waiting >= more;
    }

    /** So much more stands in its place: the reader may have it. */
    final Offered wrote(long waiting, int more) {
        WRITTEN.setRelease(this, written + more);
        int half = capacity / 2;
        return waiting <= half && waiting + more > half ? Offered.HALF_FULL : Offered.KEPT;
    }

    // For the reader.

    /** The total from which on it reads. */
    final long taken() {
        return taken;
    }

    /** The total up to which there is something. */
    final long available() {
        return (long) WRITTEN.getAcquire(this);
    }

    /** The loop may write over all before that. */
    final void took(long to) {
        TAKEN.setRelease(this, to);
    }
}
