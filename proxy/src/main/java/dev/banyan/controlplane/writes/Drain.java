package dev.banyan.controlplane.writes;

import dev.banyan.contract.WriteGates;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.routing.RouteInForce;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits until nothing is behind a route's closed gate, the time is over, or somebody else has changed the route. */
final class Drain {
    private static final long LOOK_MILLIS = 5;

    private final OwnerMoves.Asked asked;
    private final Revisions revisions;
    private final WriteGates gates;
    private final ScheduledExecutorService executor;
    private final BooleanSupplier closing;
    private final Optional<RouteInForce> atFirst;
    private final long deadlineNanos;
    private final CompletableFuture<Optional<Outcome>> over = new CompletableFuture<>();

    Drain(
            OwnerMoves.Asked asked,
            Revisions revisions,
            WriteGates gates,
            ScheduledExecutorService executor,
            BooleanSupplier closing) {
        this.asked = asked;
        this.revisions = revisions;
        this.gates = gates;
        this.executor = executor;
        this.closing = closing;
        this.atFirst = route();
        this.deadlineNanos = System.nanoTime() + asked.patience().toNanos();
    }

    /** Empty: nothing is under way any more. */
    CompletionStage<Optional<Outcome>> begin() {
        lookLater(0);
        return over;
    }

    private void lookLater(long millis) {
        try {
            executor.schedule(this::look, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            over.complete(proxyIsClosing());
        }
    }

    private void look() {
        try {
            Optional<Optional<Outcome>> result = result();
            if (result.isPresent()) {
                over.complete(result.get());
            } else {
                lookLater(LOOK_MILLIS);
            }
        } catch (RuntimeException e) {
            // Whoever waits must hear of it: else the gate would stay closed for good.
            over.completeExceptionally(e);
        }
    }

    private Optional<Optional<Outcome>> result() {
        WriteGates.State state = gates.state(asked.route());
        if (!route().equals(atFirst)) {
            return Optional.of(refused(
                    Outcome.Why.CHANGED_MEANWHILE,
                    "route " + asked.route() + " was changed while its requests were waited for, so its owner stays",
                    "look at banyan revisions, then ask again if it is still what you want"));
        }
        if (state.underWay() == 0) {
            return Optional.of(Optional.empty());
        }
        if (closing.getAsBoolean()) {
            return Optional.of(proxyIsClosing());
        }
        if (System.nanoTime() - deadlineNanos >= 0) {
            return Optional.of(refused(
                    Outcome.Why.NOT_DRAINED,
                    "%s still under way after %s, so the owner of route %s stays, and its writes are let through again"
                            .formatted(underWay(state), seconds(asked.patience()), asked.route()),
                    "ask again in a while, or with a longer --wait; a request that was cut off counts as long as its"
                            + " upstream is given for an answer"));
        }
        return Optional.empty();
    }

    /** With its flags, and what is frozen. */
    private Optional<RouteInForce> route() {
        return Optional.ofNullable(revisions.current().table().routes().get(asked.route()));
    }

    private static String underWay(WriteGates.State state) {
        int all = state.underWay();
        String where = state.legacy() > 0 && state.modern() > 0
                ? "%d at legacy, %d at modern".formatted(state.legacy(), state.modern())
                : state.legacy() > 0 ? "at legacy" : "at modern";
        return "%d unsafe request%s (%s) %s".formatted(all, all == 1 ? "" : "s", where, all == 1 ? "was" : "were");
    }

    private static String seconds(Duration patience) {
        return patience.toMillis() % 1000 == 0 ? patience.toSeconds() + " s" : patience.toMillis() + " ms";
    }

    private static Optional<Outcome> proxyIsClosing() {
        return refused(Outcome.Why.NOT_READY, "the proxy is closing", "ask again once it has restarted");
    }

    private static Optional<Outcome> refused(Outcome.Why why, String what, String fix) {
        return Optional.of(new Outcome.Refused(why, what, fix));
    }
}
