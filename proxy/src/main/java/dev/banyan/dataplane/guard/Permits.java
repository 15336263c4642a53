package dev.banyan.dataplane.guard;

import dev.banyan.routing.Upstream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may be at one upstream at once, over all event loops, and a bounded queue for those that may not yet. A freed
 * permit goes to the one who waits longest, on that one's loop.
 *
 * <p>A queue is for bursts: everybody may wait for the whole time-out. Where it has not been empty for as long as that, more is asked
 * than the upstream can do, and a long wait helps nobody: all who are served would be served late. Then only a tenth of it may be
 * waited, and the rest is refused while its client still cares. The upstream has no less to do for that.
 *
 * @see <a href="https://queue.acm.org/detail.cfm?id=2839461">Fail at Scale, controlled delay</a>
 */
public final class Permits {
    private static final int STANDING_SHARE = 10;

    /** The latest time between two turns counts one part in so many of their mean. */
    private static final int SMOOTHING = 8;

    // Written by who publishes tables, read by loops.
    private volatile Upstream.Limits limits;
    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Ticket> queue = new ConcurrentLinkedQueue<>();
    private final LongSupplier nanos;

    // Written by who finds the queue empty, read by all loops.
    private volatile long queuedSinceNanos;

    // Between two turns of the queue, lately. Written by the loop that gives a turn; two at once lose one, and it stays
    // an estimate.
    private volatile long paceNanos;
    private volatile long lastTurnNanos;

    /** @param nanos a clock as {@link System#nanoTime()} */
    public Permits(Upstream.Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /** Holds from now on, for whoever is under way too. */
    public void limits(Upstream.Limits next) {
        limits = next;
        // More may be at the upstream than before: those who wait need not wait for one to end.
        while (!queue.isEmpty() && tryAcquire()) {
            release();
        }
    }

    /** How many are at the upstream now. */
    public int inUse() {
        return inUse.get();
    }

    /** How many wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Who asked. Told once, on its own event loop: at once, or when its turn or its time has come. */
    public interface Applicant {
        /** There is none just now. Called at once, if at all; one of the others follows. */
        void queued(Ticket ticket);

        /** Go on. {@link Permits#release} must be called exactly once, when the exchange ends, however it ends. */
        void admitted();

        /** The upstream must not be asked. */
        void refused(NoPermit refusal);
    }

    /** Why there is no permit. */
    public enum NoPermit {
        QUEUE_FULL,
        QUEUE_TIMEOUT
    }

    /** A place in the queue, to be given up when the applicant goes. */
    public final class Ticket {
        private final Applicant applicant;
        private final EventLoop loop;
        private final long sinceNanos;
        private @Nullable Future<?> timer;
        private boolean settled;

        private Ticket(Applicant applicant, EventLoop loop, long sinceNanos) {
            this.applicant = applicant;
            this.loop = loop;
            this.sinceNanos = sinceNanos;
        }

        /** On the applicant's loop. */
        public void giveUp() {
            if (settle()) {
                queue.remove(this);
            }
        }

        private boolean settle() {
            if (settled) {
                return false;
            }
            settled = true;
            waiting.decrementAndGet();
            if (timer != null) {
                timer.cancel(false);
            }
            return true;
        }

        private void offered() {
            if (settle()) {
                applicant.admitted();
            } else {
                release();
            }
        }

        private void timedOut() {
            queue.remove(this);
            refused();
        }

        private void refused() {
            if (settle()) {
                applicant.refused(NoPermit.QUEUE_TIMEOUT);
            }
        }
    }

    /** Tells the applicant at once, on the caller's loop, or later. */
    public void acquire(EventLoop loop, Applicant applicant) {
        if (tryAcquire()) {
            applicant.admitted();
            return;
        }
        Upstream.Limits now = limits;
        int before = waiting.getAndIncrement();
        if (before >= now.queue()) {
            waiting.decrementAndGet();
            applicant.refused(NoPermit.QUEUE_FULL);
            return;
        }
        long nowNanos = nanos.getAsLong();
        if (before == 0) {
            queuedSinceNanos = nowNanos;
            lastTurnNanos = nowNanos;
        }
        Ticket ticket = new Ticket(applicant, loop, nowNanos);
        applicant.queued(ticket);
        queue.add(ticket);
        ticket.timer = loop.schedule(ticket::timedOut, patienceNanos(now, nowNanos), TimeUnit.NANOSECONDS);
        // One may have been freed between the first look and the queueing, and nobody else would tell.
        if (tryAcquire()) {
            release();
        }
    }

    /** How long one may wait who is still waiting now. */
    private long patienceNanos(Upstream.Limits now, long nowNanos) {
        long whole = now.queueTimeout().toNanos();
        return nowNanos - queuedSinceNanos > whole ? whole / STANDING_SHARE : whole;
    }

    public void release() {
        Ticket next = inUse.get() > limits.concurrent() ? null : nextInTime();
        if (next == null) {
            inUse.decrementAndGet();
            // Somebody may have queued between the two lines above; whoever still finds a permit hands it on.
            if (!queue.isEmpty() && tryAcquire()) {
                release();
            }
            return;
        }
        turn();
        next.loop.execute(next::offered);
    }

    private void turn() {
        long nowNanos = nanos.getAsLong();
        long latest = nowNanos - lastTurnNanos;
        lastTurnNanos = nowNanos;
        paceNanos = paceNanos == 0 ? latest : paceNanos + (latest - paceNanos) / SMOOTHING;
    }

    /** When somebody who is refused now could have a turn, as fast as the queue moves: of 1 to 30 seconds. */
    public Duration untilTurn() {
        int before = waiting.get();
        // Where nobody gets a turn any more, the last ones tell nothing.
        long pace = before == 0 ? paceNanos : Math.max(paceNanos, nanos.getAsLong() - lastTurnNanos);
        return RetryAfter.within(Duration.ofNanos(pace).multipliedBy(before + 1L));
    }

    private @Nullable Ticket nextInTime() {
        Ticket next = queue.poll();
        while (next != null && isTooLate(next)) {
            next.loop.execute(next::refused);
            next = queue.poll();
        }
        return next;
    }

    private boolean isTooLate(Ticket ticket) {
        long nowNanos = nanos.getAsLong();
        return nowNanos - ticket.sinceNanos > patienceNanos(limits, nowNanos);
    }

    private boolean tryAcquire() {
        int concurrent = limits.concurrent();
        for (int used = inUse.get(); used < concurrent; used = inUse.get()) {
            if (inUse.compareAndSet(used, used + 1)) {
                return true;
            }
        }
        return false;
    }
}
