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
        // Not what the file says is asked: a flag equal to it is what keeps the next save from changing it.
        if (own.canary().map(Flag::value).equals(flag.map(Flag::value))) {
            return Step.same();
        }
        return stranding.step(present, present.with(route, own.withCanary(flag)), List.of());
    }
}
