package dev.banyan.controlplane.parity;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * What is counted by era (a stretch between two changes after which what was counted may not hold any more; numbered, rising) and time, ever coarser with age: ten minutes, an hour, a day; after seven days it is forgotten. So there are
 * few of them however long a process runs and however often the table changes; and all that share a budget have no more of them together
 * than that: who gets none of it adds the oldest of its own to the next.
 */
final class Slots<T> {
    private static final long FINE = Duration.ofMinutes(10).toSeconds();
    private static final long MIDDLE = Duration.ofHours(1).toSeconds();
    private static final long COARSE = Duration.ofDays(1).toSeconds();
    private static final long FINE_UNTIL = Duration.ofHours(6).toSeconds();
    private static final long MIDDLE_UNTIL = Duration.ofDays(1).toSeconds();

    /** As long as evidence counts at most. */
    static final Duration KEPT = Duration.ofDays(7);

    /** Of a table that scripts change all day there are many revisions. */
    private static final int MOST = 120;

    private final AtomicInteger left;
    private final Supplier<T> made;
    private final BinaryOperator<T> sum;
    private SortedMap<Slot, T> slots = new TreeMap<>();

    /**
     * One of them.
     *
     * @param start seconds since 1970
     */
    private record Slot(long start, long seconds, long era) implements Comparable<Slot> {
        private static final Comparator<Slot> ORDER = Comparator.comparingLong(Slot::start)
                .thenComparingLong(Slot::era)
                .thenComparingLong(Slot::seconds);

        static Slot of(long second, long seconds, long era) {
            return new Slot(Math.floorDiv(second, seconds) * seconds, seconds, era);
        }

        /** As it is kept when it is so old. */
        Slot at(long now) {
            long age = now - start;
            long length = age < FINE_UNTIL ? FINE : age < MIDDLE_UNTIL ? MIDDLE : COARSE;
            return length <= seconds ? this : of(start, length, era);
        }

        @Override
        public int compareTo(Slot other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * None yet.
     *
     * @param left how many more there may be, of all that share this
     * @param sum of two, the older one first; may change and return one of them
     */
    Slots(AtomicInteger left, Supplier<T> made, BinaryOperator<T> sum) {
        this.left = left;
        this.made = made;
        this.sum = sum;
    }

    /** What is counted at that time. */
    T at(long era, long second) {
        Slot slot = Slot.of(second, FINE, era);
        T known = slots.get(slot);
        if (known == null) {
            // A new one begins every ten minutes, or with a new era: the time to look at the others.
            age(second);
            if (left.getAndDecrement() <= 0 && slots.size() > 1) {
                joinOldest(slots);
                left.incrementAndGet();
            }
            known = made.get();
            slots.put(slot, known);
        }
        return known;
    }

    /** Adds to what is counted at that time. */
    void add(long era, long second, T more) {
        at(era, second);
        slots.merge(Slot.of(second, FINE, era), more, sum);
    }

    private void age(long now) {
        SortedMap<Slot, T> aged = new TreeMap<>();
        slots.forEach((slot, counted) -> {
            if (now - slot.start() < KEPT.toSeconds()) {
                aged.merge(slot.at(now), counted, sum);
            }
        });
        while (aged.size() >= MOST) {
            joinOldest(aged);
        }
        left.addAndGet(slots.size() - aged.size());
        slots = aged;
    }

    /** Adds the oldest to the one after it, if there is one. */
    private void joinOldest(SortedMap<Slot, T> all) {
        if (all.size() < 2) {
            return;
        }
        Slot oldest = all.firstKey();
        T counted = all.remove(oldest);
        if (counted != null) {
            all.merge(all.firstKey(), counted, sum);
        }
    }

    /** Forgets all, and gives back what it had of the budget. */
    void forget() {
        left.addAndGet(slots.size());
        slots = new TreeMap<>();
    }

    /**
     * All from that era on that reach beyond that time.
     *
     * @param from seconds since 1970
     */
    T since(long era, long from) {
        T all = made.get();
        for (Map.Entry<Slot, T> each : slots.entrySet()) {
            Slot slot = each.getKey();
            if (slot.era() >= era && slot.start() + slot.seconds() > from) {
                all = sum.apply(all, each.getValue());
            }
        }
        return all;
    }
}
