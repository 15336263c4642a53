package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Share;
import java.util.Optional;

/**
 * Sets or clears a shadow flag.
 *
 * @param share empty: clear
 */
public record ShadowChange(String id, Optional<Share> share) implements Change {

    /** Sets it. */
    public static Change set(String id, Share share) {
        return new ShadowChange(id, Optional.of(share));
    }

    /** Clears it. */
    public static Change clear(String id) {
        return new ShadowChange(id, Optional.empty());
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
        Optional<Step> noSide = share.isPresent() ? SideChecks.refusalUnlessBoth(found, "shadow") : Optional.empty();
        if (noSide.isPresent()) {
            return noSide.get();
        }
        RouteFlags own = present.flagsOf(id);
        // As with a canary: a flag equal to what the file says is a flag.
        boolean isSoAlready = own.shadow().map(Flag::value).equals(share);
        return isSoAlready ? Step.same() : Step.next(present.with(id, own.withShadow(share.map(moment::flag))));
    }
}
