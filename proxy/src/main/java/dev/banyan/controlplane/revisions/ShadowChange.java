package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Share;
import java.util.Optional;

/**
 * Sets or clears a shadow flag.
 *
 * @param flag empty: clear
 */
record ShadowChange(String route, Optional<Flag<Share>> flag) implements Change {

    @Override
    public Step from(Content present) {
        Route found = present.base().routes().get(route);
        if (found == null) {
            return Step.noSuchRoute(route);
        }
        Optional<Step> noSide = flag.isPresent() ? Sides.refusalUnlessBoth(found, "shadow") : Optional.empty();
        if (noSide.isPresent()) {
            return noSide.get();
        }
        RouteFlags own = present.flagsOf(route);
        return isSoAlready(found, own) ? Step.same() : Step.next(present.with(route, own.withShadow(flag)));
    }

    private boolean isSoAlready(Route found, RouteFlags own) {
        if (flag.isEmpty()) {
            return own.shadow().isEmpty();
        }
        Share inForce = own.shadow().map(Flag::value).orElse(found.shadow().share());
        return inForce.equals(flag.get().value());
    }
}
