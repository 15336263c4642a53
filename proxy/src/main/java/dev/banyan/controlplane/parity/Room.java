package dev.banyan.controlplane.parity;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much more may be kept, of all routes together.
 *
 * @param fields that differ: some 4 KB each
 * @param patterns sets of fields that differed together: some 500 bytes each
 * @param cells counts of one route in one stretch of time: some 2 KB each
 * @param counts of one field in one stretch of time: some 100 bytes each
 */
record Room(AtomicInteger fields, AtomicInteger patterns, AtomicInteger cells, AtomicInteger counts) {
    Room() {
        this(new AtomicInteger(5_000), new AtomicInteger(5_000), new AtomicInteger(4_000), new AtomicInteger(50_000));
    }

    /** Takes one, if there is any left. */
    static boolean take(AtomicInteger left) {
        return left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
    }
}
