package dev.banyan.dataplane.observe;

import dev.banyan.dataplane.exchange.GrpcStatus;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import org.jspecify.annotations.Nullable;

/** The meters of one route of one table. */
public final class RouteMeters {
    private final int slot;
    private final DecisionMeters decisions;
    private final SideMeters legacy;
    private final SideMeters modern;

    /** @param slot of {@link LastHour#slot} */
    RouteMeters(int slot, DecisionMeters decisions, SideMeters legacy, SideMeters modern) {
        this.slot = slot;
        this.decisions = decisions;
        this.legacy = legacy;
        this.modern = modern;
    }

    int slot() {
        return slot;
    }

    public void decided(Decision decision) {
        decisions.decided(decision);
    }

    /**
     * Counts and times an exchange.
     *
     * @param status 0 if the client got none
     * @param call how it went, if it was a call of gRPC
     */
    public void ended(Side side, int status, @Nullable GrpcStatus call, long nanos) {
        SideMeters answering = side == Side.LEGACY ? legacy : modern;
        answering.ended(status, nanos);
        if (call != null) {
            answering.called(call);
        }
    }
}
