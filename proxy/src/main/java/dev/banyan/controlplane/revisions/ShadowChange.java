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
        // As with a canary: a flag equal to what the file says is a flag.
        boolean isSoAlready = own.shadow().map(Flag::value).equals(flag.map(Flag::value));
        return isSoAlready ? Step.same() : Step.next(present.with(route, own.withShadow(flag)));
    }
}
