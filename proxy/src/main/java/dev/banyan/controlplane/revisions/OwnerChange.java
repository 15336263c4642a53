package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.util.List;
import java.util.Optional;

/** Moves the owner of a route's data. Only the table's part: holding and draining its requests is done around it. */
record OwnerChange(String route, Side to, boolean readersMayLag, Stranding stranding) implements Change {

    @Override
    public Step from(Content present) {
        Route found = present.base().routes().get(route);
        if (found == null) {
            return Step.noSuchRoute(route);
        }
        RouteFlags own = present.flagsOf(route);
        if (own.owner().isEmpty()) {
            return Step.no(
                    Outcome.Why.NO_OWNER,
                    "route " + route + " has no owner to move: " + whyNone(found),
                    "write writes: legacy or writes: modern in its file");
        }
        Optional<Step> noSide = Sides.missing(found, to, "it cannot own the data");
        if (noSide.isPresent()) {
            return noSide.get();
        }
        if (own.owner().get() == to) {
            return Step.same();
        }
        if (to == Side.MODERN && !readersMayLag && !allReadersAtModern(present)) {
            return Step.no(
                    Outcome.Why.READERS_LAG,
                    "not all readers of " + route + " are at modern: what modern took would be missing for the others",
                    "banyan canary set " + route + " 100 first, or say --readers-may-lag");
        }
        Content next = present.with(route, own.withOwner(Optional.of(to)));
        return stranding.step(present, next, List.of());
    }

    private boolean allReadersAtModern(Content present) {
        RouteInForce inForce = present.table(0).routes().get(route);
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
