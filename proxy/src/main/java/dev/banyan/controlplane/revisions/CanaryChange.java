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
 * @param share empty: clear
 */
public record CanaryChange(String id, Optional<Share> share, StrandedWrites stranded) implements Change {

    /** Sets it. */
    public static Change set(String id, Share share, StrandedWrites stranded) {
        return new CanaryChange(id, Optional.of(share), stranded);
    }

    /** Clears it. */
    public static Change clear(String id, StrandedWrites stranded) {
        return new CanaryChange(id, Optional.empty(), stranded);
    }

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
        Optional<Step> noSide = share.isPresent() ? SideChecks.refusalUnlessBoth(found, "canary") : Optional.empty();
        if (noSide.isPresent()) {
            return noSide.get();
        }
        RouteFlags own = present.flagsOf(id);
        // Not what the file says is asked: a flag equal to it is what keeps the next save from changing it.
        if (own.canary().map(Flag::value).equals(share)) {
            return Step.same();
        }
        Content next = present.with(id, own.withCanary(share.map(moment::flag)));
        return moment.stranding(stranded).step(present, next, List.of());
    }
}
