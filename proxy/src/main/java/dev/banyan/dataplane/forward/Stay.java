package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.guard.Permits;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.upstream.EndpointHandle;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange holds of one upstream while it is there: its breaker's leave for an attempt, a permit or a place in the queue, and
 * the time for all of it. {@link #leave} gives back whatever is held, and may be called again.
 */
final class Stay implements Permits.Applicant, Loop.Swept {
    private final Guest guest;
    private final Exchange exchange;
    private final UpstreamHandle upstream;
    private Permits.@Nullable Ticket ticket;
    private @Nullable Deadline deadline;
    private boolean owesResult; // to the breaker
    private boolean hasPermit;
    private int slot;

    /** Whose stay it is. */
    interface Guest {
        /** The upstream may be asked. */
        void admitted();

        void notAdmitted(AttemptEnd.NotAsked outcome);

        void outOfTime(Deadline deadline);
    }

    Stay(Guest guest, Exchange exchange, UpstreamHandle upstream) {
        this.guest = guest;
        this.exchange = exchange;
        this.upstream = upstream;
    }

    /** Tells the guest, at once or later, unless it leaves before. */
    void enter() {
        upstream.budget().request();
        deadline = Deadline.of(exchange, upstream.settings().timeouts());
        if (deadline != null) {
            exchange.loop().watch(this);
        }
        if (mayAttempt()) {
            upstream.permits().acquire(exchange.loop().eventLoop(), this);
        } else {
            guest.notAdmitted(new AttemptEnd.NotAsked(
                    new UpstreamFailure(Kind.BREAKER_OPEN, "was not asked: too many requests have failed lately"),
                    upstream.breaker().untilTrial()));
        }
    }

    @Override
    public void queued(Permits.Ticket place) {
        ticket = place;
    }

    @Override
    public void admitted() {
        ticket = null;
        hasPermit = true;
        guest.admitted();
    }

    @Override
    public void refused(Permits.NoPermit refusal) {
        ticket = null;
        noResult();
        Kind kind = refusal == Permits.NoPermit.QUEUE_FULL ? Kind.QUEUE_FULL : Kind.QUEUE_TIMEOUT;
        guest.notAdmitted(new AttemptEnd.NotAsked(
                new UpstreamFailure(kind, "has as many requests under way as it may"),
                upstream.permits().untilTurn()));
    }

    /** Whether the breaker lets one more attempt through. */
    boolean mayAttempt() {
        owesResult = owesResult || upstream.breaker().admits();
        return owesResult;
    }

    boolean owesResult() {
        return owesResult;
    }

    void wentWell(EndpointHandle endpoint) {
        owesResult = false;
        upstream.succeeded(endpoint);
    }

    void failed(@Nullable EndpointHandle endpoint, String why) {
        owesResult = false;
        upstream.failed(endpoint, why);
    }

    /** The attempt says nothing of the upstream. */
    void noResult() {
        if (owesResult) {
            owesResult = false;
            upstream.breaker().unused();
        }
    }

    /** A server knows its client's deadline, and may end the call by it a moment before we do. */
    @Nullable
    Deadline clientsTimeIsOver() {
        Deadline limit = deadline;
        return limit != null && limit.ofClient() && limit.hasPassed(System.nanoTime()) ? limit : null;
    }

    /** Nothing more is wanted of this upstream. */
    void leave() {
        noResult();
        if (deadline != null) {
            deadline = null;
            exchange.loop().forget(this);
        }
        if (ticket != null) {
            ticket.giveUp();
            ticket = null;
        }
        if (hasPermit) {
            hasPermit = false;
            upstream.permits().release();
        }
    }

    @Override
    public void sweep(long nowNanos) {
        Deadline limit = deadline;
        if (limit != null && limit.hasPassed(nowNanos)) {
            guest.outOfTime(limit);
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int slot) {
        this.slot = slot;
    }
}
