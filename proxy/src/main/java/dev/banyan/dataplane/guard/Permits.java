package dev.banyan.dataplane.guard;

import dev.banyan.routing.Upstream;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * How many requests may be at one upstream at once, over all event loops, and a bounded queue for those that may not yet. A freed
 * permit goes to the one who waits longest, on that one's loop.
 */
public final class Permits {
    // Written by who publishes tables, read by loops.
    private volatile Upstream.Limits limits;
    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Ticket> queue = new ConcurrentLinkedQueue<>();

    public Permits(Upstream.Limits limits) {
        this.limits = limits;
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
        /** Go on. {@link Permits#release} must be called exactly once, when the exchange ends, however it ends. */
        void admitted();

        /** The upstream must not be asked. */
        void refused(Refusal refusal);
    }

    /** Why there is no permit. */
    public enum Refusal {
        QUEUE_FULL,
        QUEUE_TIMEOUT
    }

    /** A place in the queue, to be given up when the applicant goes. */
    public final class Ticket {
        private final Applicant applicant;
        private final EventLoop loop;
        private boolean settled;

        private Ticket(Applicant applicant, EventLoop loop) {
            this.applicant = applicant;
            this.loop = loop;
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
            if (settle()) {
                queue.remove(this);
                applicant.refused(Refusal.QUEUE_TIMEOUT);
            }
        }
    }

    /** At once on the caller's loop, or later; a ticket is returned only to {@code onQueued}. */
    public void acquire(EventLoop loop, Applicant applicant, Consumer<Ticket> onQueued) {
        if (tryAcquire()) {
            applicant.admitted();
            return;
        }
        Upstream.Limits now = limits;
        if (waiting.incrementAndGet() > now.queue()) {
            waiting.decrementAndGet();
            applicant.refused(Refusal.QUEUE_FULL);
            return;
        }
        Ticket ticket = new Ticket(applicant, loop);
        onQueued.accept(ticket);
        queue.add(ticket);
        loop.schedule(ticket::timedOut, now.queueTimeout().toNanos(), TimeUnit.NANOSECONDS);
        // One may have been freed between the first look and the queueing, and nobody else would tell.
        if (tryAcquire()) {
            release();
        }
    }

    public void release() {
        Ticket next = inUse.get() > limits.concurrent() ? null : queue.poll();
        if (next == null) {
            inUse.decrementAndGet();
            // Somebody may have queued between the two lines above; whoever still finds a permit hands it on.
            if (!queue.isEmpty() && tryAcquire()) {
                release();
            }
            return;
        }
        next.loop.execute(next::offered);
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
