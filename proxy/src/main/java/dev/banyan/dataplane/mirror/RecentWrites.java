package dev.banyan.dataplane.mirror;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How often what was written: so it can be told whether somebody has written it again. Two resources may share a number, and then one
 * looks as if it had been written again when the other was: a read-back less. Used by all loops.
 */
final class RecentWrites {
    private static final int SLOTS = 8192;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(SLOTS);

    void written(String path) {
        counts.incrementAndGet(slot(path));
    }

    int count(String path) {
        return counts.get(slot(path));
    }

    private static int slot(String path) {
        return Math.floorMod(path.hashCode() * 0x9E3779B9, SLOTS);
    }
}
