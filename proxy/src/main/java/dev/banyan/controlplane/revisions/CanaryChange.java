package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Share;
import java.util.List;
import java.util.Optional;

/**
 * Sets or clears a canary flag.
 *
 * @param flag empty: clear
 */
record CanaryChange(String route, Optional<Flag<Share>> flag, Stranding stranding) implements Change {

    @Override
    public Step from(Content present) {
        Route found = present.base().routes().get(route);
        if (found == null) {
            return Step.noSuchRoute(route);
        }
        Optional<Step> noSide = flag.isPresent() ? Sides.refusalUnlessBoth(found, "canary") : Optional.empty();
        if (noSide.isPresent()) {
            return noSide.get();
        }
        RouteFlags own = present.flagsOf(route);
        if (isSoAlready(found, own)) {
            return Step.same();
        }
        Content next = present.with(route, own.withCanary(flag));
        return stranding.step(present, next, List.of());
    }

    private boolean isSoAlready(Route found, RouteFlags own) {
        if (flag.isEmpty()) {
            return own.canary().isEmpty();
        }
        Share inForce = own.canary().map(Flag::value).orElse(found.canary());
        return inForce.equals(flag.get().value());
    }
}
