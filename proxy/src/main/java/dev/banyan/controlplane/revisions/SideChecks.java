package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Route;
import dev.banyan.routing.Side;
import java.util.Optional;

/** Refusals for routes that lack a side. */
final class SideChecks {
    private SideChecks() {}

    static Optional<Step> refusalUnlessBoth(Route route, String what) {
        return missing(route, Side.MODERN, "it has nothing to send a " + what + " to")
                .or(() -> missing(route, Side.LEGACY, "it is complete, so a " + what + " means nothing"));
    }

    static Optional<Step> refusalUnlessLegacy(Route route) {
        return missing(route, Side.LEGACY, "it cannot be frozen");
    }

    static Optional<Step> missing(Route route, Side side, String so) {
        if (route.upstream(side).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Step.no(
                Outcome.Why.NO_SUCH_SIDE,
                "route " + route.id() + " has no " + side.word() + " side: " + so,
                "name its " + side.word() + " upstream in its file"));
    }
}
