package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.RouteFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lifts one route's own freeze, or the freeze of everything. Neither lifts the other: who froze a route for its own reasons must not
 * find it thawed because a wider incident is over.
 *
 * @param route empty: the freeze of everything
 */
public record ThawChange(Optional<String> route) implements Change {

    @Override
    public Step from(Content present, Moment moment) {
        return route.isPresent() ? thawOne(present, route.get()) : thawAll(present);
    }

    private static Step thawOne(Content present, String id) {
        if (!present.base().routes().containsKey(id)) {
            return Step.noSuchRoute(id);
        }
        RouteFlags own = present.flagsOf(id);
        Optional<Flag<Freeze>> everything = present.flags().freeze();
        if (own.freeze().isEmpty()) {
            return everything
                    .map(flag -> Step.no(
                            Outcome.Why.OTHER_FREEZE,
                            id + " is frozen with everything, by " + by(flag),
                            "banyan thaw lifts the freeze of everything"))
                    .orElseGet(Step::same);
        }
        Content next = present.with(id, own.withFreeze(Optional.empty()));
        return everything
                .map(flag -> Step.next(next, id + ": stays frozen with everything, by " + by(flag)))
                .orElseGet(() -> Step.next(next));
    }

    private static Step thawAll(Content present) {
        List<String> still = new ArrayList<>();
        present.flags()
                .routes()
                .forEach((id, own) -> own.freeze()
                        .filter(flag -> present.base().routes().containsKey(id))
                        .ifPresent(flag -> still.add(id + ": stays frozen by itself, by " + by(flag))));
        if (present.flags().freeze().isPresent()) {
            return Step.next(present.withFlags(present.flags().withFreeze(Optional.empty())), still);
        }
        return still.isEmpty()
                ? Step.same()
                : Step.no(
                        Outcome.Why.OTHER_FREEZE,
                        "not everything is frozen, but single routes are: " + String.join("; ", still),
                        "banyan thaw ROUTE for each");
    }

    /** Who froze it, and why if that was said. */
    static String by(Flag<Freeze> flag) {
        return flag.reason().isEmpty() ? flag.author() : flag.author() + " (" + flag.reason() + ")";
    }
}
