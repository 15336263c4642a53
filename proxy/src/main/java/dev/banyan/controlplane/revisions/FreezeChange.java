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
 * @param withWrites unsafe requests, too, whoever owns the data
 */
public record FreezeChange(Optional<String> route, boolean withWrites) implements Change {

    @Override
    public Step from(Content present, Moment moment) {
        return route.isPresent() ? freezeOne(present, route.get(), moment) : freezeAll(present, moment);
    }

    private Step freezeOne(Content present, String id, Moment moment) {
        Route found = present.base().routes().get(id);
        if (found == null) {
            return Step.noSuchRoute(id);
        }
        Optional<Step> noSide = SideChecks.refusalUnlessLegacy(found);
        if (noSide.isPresent()) {
            return noSide.get();
        }
        RouteFlags own = present.flagsOf(id);
        if (isSoAlready(own.freeze())) {
            return Step.same();
        }
        Content next = present.with(id, own.withFreeze(Optional.of(moment.flag(new Freeze(withWrites)))));
        List<String> notes = new ArrayList<>();
        present.flags()
                .freeze()
                .ifPresent(all -> notes.add(id + ": was frozen with everything already, by " + ThawChange.by(all)));
        strandedBy(next, found, moment).ifPresent(notes::add);
        return Step.next(next, notes);
    }

    private Step freezeAll(Content present, Moment moment) {
        if (isSoAlready(present.flags().freeze())) {
            return Step.same();
        }
        Content next = present.withFlags(present.flags().withFreeze(Optional.of(moment.flag(new Freeze(withWrites)))));
        List<String> notes = new ArrayList<>();
        for (Route each : present.base().routes().values()) {
            if (each.legacy().isEmpty()) {
                notes.add(each.id() + ": cannot be frozen, it has no legacy side");
            }
            strandedBy(next, each, moment).ifPresent(notes::add);
        }
        return Step.next(next, notes);
    }

    private boolean isSoAlready(Optional<Flag<Freeze>> present) {
        return present.map(Flag::value).equals(Optional.of(new Freeze(withWrites)));
    }

    /** A freeze with writes is an emergency brake: it is done, and says what it costs. */
    private Optional<String> strandedBy(Content next, Route each, Moment moment) {
        boolean moves = withWrites
                && each.legacy().isPresent()
                && next.flagsOf(each.id()).owner().filter(Side.MODERN::equals).isPresent();
        return moves
                ? Optional.of(each.id() + ": its writes go to legacy while it is frozen; "
                        + moment.stranding(StrandedWrites.REFUSE).cost(each.id()))
                : Optional.empty();
    }
}
