package dev.banyan.controlplane.writes;

import dev.banyan.contract.WriteGates;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.OwnerChange;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.routing.Side;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the owner of a route's data so that no write is lost, doubled or taken by both sides: ask whether it may be done, close the
 * route's gate, wait for what is under way, publish, open. Whatever comes of it, the gate is open afterwards, and the table in force
 * says who the owner is. Nothing waits on the revisions' writer: a freeze goes through meanwhile, and ends the move.
 *
 * <p>One at a time: each refuses writes while it lasts, and keeps a thread of the admin endpoint.
 */
public final class OwnerMoves implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerMoves.class);

    private final Revisions revisions;
    private final WriteGates gates;
    private final Clock clock;
    private final ScheduledExecutorService drains = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-owner-moves");
        thread.setDaemon(true);
        return thread;
    });

    // Written under the lock of this, read by views.
    private volatile Optional<UnderWay> underWay = Optional.empty();
    private volatile boolean closed;

    /**
     * What somebody wants.
     *
     * @param patience for the requests under way, at most
     */
    public record Asked(OwnerChange change, Duration patience) {
        String route() {
            return change.id();
        }
    }

    /** A move that has begun. */
    public record UnderWay(String route, Side to, String author, Instant since) {}

    public OwnerMoves(Revisions revisions, WriteGates gates, Clock clock) {
        this.revisions = revisions;
        this.gates = gates;
        this.clock = clock;
    }

    /** The one move that is being made. */
    public Optional<UnderWay> underWay() {
        return underWay;
    }

    public CompletionStage<Outcome> move(Asked asked, Cause cause, Precondition precondition) {
        Optional<Outcome> refused = begin(asked, cause);
        if (refused.isPresent()) {
            return CompletableFuture.completedStage(refused.get());
        }
        return revisions
                .preview(asked.change(), cause, precondition)
                .thenCompose(settled -> settled.map(CompletableFuture::completedStage)
                        .orElseGet(() -> closedMeanwhile(asked, cause, precondition)))
                .whenComplete((outcome, failure) -> underWay = Optional.empty());
    }

    private synchronized Optional<Outcome> begin(Asked asked, Cause cause) {
        if (underWay.isPresent()) {
            UnderWay other = underWay.get();
            return Optional.of(new Outcome.Refused(
                    Outcome.Why.MOVE_UNDER_WAY,
                    "the owner of route %s is being moved to %s, by %s since %s"
                            .formatted(
                                    other.route(),
                                    other.to().word(),
                                    other.author(),
                                    other.since().truncatedTo(ChronoUnit.SECONDS)),
                    "wait for it; banyan writes shows it"));
        }
        underWay = Optional.of(new UnderWay(asked.route(), asked.change().to(), cause.author(), clock.instant()));
        return Optional.empty();
    }

    /** From here on the route's writes are refused, until this has an outcome. */
    private CompletionStage<Outcome> closedMeanwhile(Asked asked, Cause cause, Precondition precondition) {
        long begun = System.nanoTime();
        gates.close(asked.route());
        return swapped(asked, cause, precondition).whenComplete((outcome, failure) -> {
            gates.open(asked.route());
            LOG.info(
                    "moved an owner, or did not: route={} to={} writesRefusedMillis={} outcome={}",
                    asked.route(),
                    asked.change().to().word(),
                    Duration.ofNanos(System.nanoTime() - begun).toMillis(),
                    failure == null ? outcome : failure);
        });
    }

    private CompletionStage<Outcome> swapped(Asked asked, Cause cause, Precondition precondition) {
        Drain drain = new Drain(asked, revisions, gates, drains, () -> closed);
        return drain.begin()
                .thenCompose(refused -> refused.isPresent()
                        ? CompletableFuture.completedStage(refused.get())
                        // Asked again by the writer, of the present as it is then: what has changed since counts.
                        : revisions.submit(asked.change(), cause, precondition));
    }

    /** Ends the wait of a move under way, which is then refused. */
    @Override
    public void close() {
        closed = true;
        // What is scheduled still runs, sees that it is over, and says so to whoever waits.
        drains.shutdown();
    }
}
