package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.util.List;
import java.util.Optional;

/**
 * Moves the owner of a route's data. Only the table's part: holding and draining its requests is done around it.
 *
 * @param readersMayLag to modern although not all readers are there
 */
public record OwnerChange(String id, Side to, boolean readersMayLag, StrandedWrites stranded) implements Change {

    @Override
    public Optional<String> route() {
        return Optional.of(id);
    }

    @Override
    public Step from(Content present, Moment moment) {
        Route found = present.base().routes().get(id);
        if (found == null) {
            return Step.noSuchRoute(id);
        }
        RouteFlags own = present.flagsOf(id);
        if (own.owner().isEmpty()) {
            return Step.no(
                    Outcome.Why.NO_OWNER,
                    "route " + id + " has no owner to move: " + whyNone(found),
                    "write writes: legacy or writes: modern in its file");
        }
        Optional<Step> noSide = SideChecks.missing(found, to, "it cannot own the data");
        if (noSide.isPresent()) {
            return noSide.get();
        }
        if (own.owner().get() == to) {
            return Step.same();
        }
        if (to == Side.MODERN && !readersMayLag && !allReadersAtModern(present)) {
            return Step.no(
                    Outcome.Why.READERS_LAG,
                    "not all readers of " + id + " are at modern: what modern took would be missing for the others",
                    "banyan canary set " + id + " 100 first, or say --readers-may-lag");
        }
        Content next = present.with(id, own.withOwner(Optional.of(to)));
        return moment.stranding(stranded).step(present, next, List.of());
    }

    private boolean allReadersAtModern(Content present) {
        RouteInForce inForce = present.table().routes().get(id);
        return inForce != null
                && (inForce.route().legacy().isEmpty()
                        || (inForce.canary().equals(Share.ALL)
                                && inForce.freeze().isEmpty()));
    }

    private static String whyNone(Route route) {
        return route.coversUnsafe()
                ? "both sides work on the same data (writes: either)"
                : "it takes no unsafe requests";
    }
}
