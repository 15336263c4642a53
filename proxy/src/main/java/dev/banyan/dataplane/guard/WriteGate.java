package dev.banyan.dataplane.guard;

import dev.banyan.contract.UserSketch;
import dev.banyan.contract.WriteGates;
import dev.banyan.routing.Side;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the unsafe requests of one route pass on their way to the owner of its data. Lives over all tables.
 *
 * <p>Whether it is open and how many are behind it is one number: so nobody can be let in between the closing and the first look at
 * the count. Only unsafe requests of routes that have an owner pay for it.
 */
public final class WriteGate {
    private static final long CLOSED = 1L << 63;
    private static final long ONE_AT_LEGACY = 1;
    private static final long ONE_AT_MODERN = 1L << 31;
    private static final long COUNT = ONE_AT_MODERN - 1;

    private final LongSupplier nanos;
    private final AtomicLong state = new AtomicLong();
    private final LongAdder refused = new LongAdder();

    // Replaced when the data gets a new owner, added to by every loop.
    private volatile Tally toModern = new Tally();

    // Written by who moves the owner, read by those whose requests are refused.
    private volatile long closedSinceNanos;

    /** @param nanos a clock as {@link System#nanoTime()} */
    public WriteGate(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What modern was sent. */
    private static final class Tally {
        private final LongAdder writes = new LongAdder();
        private final LongAdder ofNobody = new LongAdder();
        private final UserSketch users = new UserSketch();
    }

    /** True: {@link #leave} must be called exactly once, with the same side. False: it is closed. */
    public boolean enter(Side side) {
        for (long now = state.get(); (now & CLOSED) == 0; now = state.get()) {
            if (state.compareAndSet(now, now + one(side))) {
                return true;
            }
        }
        refused.increment();
        return false;
    }

    public void leave(Side side) {
        state.addAndGet(-one(side));
    }

    private static long one(Side side) {
        return side == Side.LEGACY ? ONE_AT_LEGACY : ONE_AT_MODERN;
    }

    /**
     * An unsafe request was sent to modern.
     *
     * @param user null: nobody can tell
     */
    public void countAtModern(@Nullable String user) {
        Tally tally = toModern;
        tally.writes.increment();
        if (user == null) {
            tally.ofNobody.increment();
        } else {
            tally.users.add(user);
        }
    }

    void close() {
        if (state().open()) {
            closedSinceNanos = nanos.getAsLong();
        }
        state.getAndUpdate(now -> now | CLOSED);
    }

    void open() {
        state.getAndUpdate(now -> now & ~CLOSED);
    }

    /**
     * When it may be worth coming back, while it is closed. Nobody knows how long those under way still take; what has taken long most
     * likely takes as long again.
     */
    public Duration untilOpen() {
        return RetryAfter.within(Duration.ofNanos(nanos.getAsLong() - closedSinceNanos));
    }

    /** All of it at the same moment, but for what was refused. */
    public WriteGates.State state() {
        long now = state.get();
        return new WriteGates.State(
                (now & CLOSED) == 0, (int) (now & COUNT), (int) (now >>> 31 & COUNT), refused.sum());
    }

    WriteGates.Written writtenToModern() {
        Tally tally = toModern;
        return new WriteGates.Written(tally.writes.sum(), tally.ofNobody.sum(), tally.users);
    }

    void countAnew() {
        toModern = new Tally();
    }
}
