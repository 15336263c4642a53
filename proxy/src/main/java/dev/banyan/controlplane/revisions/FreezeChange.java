package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Freezes one route, or everything that has a legacy side.
 *
 * @param route empty: everything
 */
record FreezeChange(Optional<String> route, Flag<Freeze> flag, Stranding stranding) implements Change {

    @Override
    public Step from(Content present) {
        return route.isPresent() ? freezeOne(present, route.get()) : freezeAll(present);
    }

    private Step freezeOne(Content present, String id) {
        Route found = present.base().routes().get(id);
        if (found == null) {
            return Step.noSuchRoute(id);
        }
        Optional<Step> noSide = Sides.refusalUnlessLegacy(found);
        if (noSide.isPresent()) {
            return noSide.get();
        }
        RouteFlags own = present.flagsOf(id);
        if (isSoAlready(own.freeze())) {
            return Step.same();
        }
        Content next = present.with(id, own.withFreeze(Optional.of(flag)));
        List<String> notes = new ArrayList<>();
        present.flags()
                .freeze()
                .ifPresent(all -> notes.add(id + ": was frozen with everything already, by " + ThawChange.by(all)));
        strandedBy(next, found).ifPresent(notes::add);
        return new Step.Next(next, notes);
    }

    private Step freezeAll(Content present) {
        if (isSoAlready(present.flags().freeze())) {
            return Step.same();
        }
        Content next = present.withFlags(present.flags().withFreeze(Optional.of(flag)));
        List<String> notes = new ArrayList<>();
        for (Route each : present.base().routes().values()) {
            if (each.legacy().isEmpty()) {
                notes.add(each.id() + ": cannot be frozen, it has no legacy side");
            }
            strandedBy(next, each).ifPresent(notes::add);
        }
        return new Step.Next(next, notes);
    }

    private boolean isSoAlready(Optional<Flag<Freeze>> present) {
        return present.map(Flag::value).equals(Optional.of(flag.value()));
    }

    /** A freeze with writes is an emergency brake: it is done, and says what it costs. */
    private Optional<String> strandedBy(Content next, Route each) {
        boolean moves = flag.value().withWrites()
                && each.legacy().isPresent()
                && next.flagsOf(each.id()).owner().filter(Side.MODERN::equals).isPresent();
        return moves
                ? Optional.of(each.id() + ": its writes go to legacy while it is frozen; " + stranding.cost(each.id()))
                : Optional.empty();
    }
}
