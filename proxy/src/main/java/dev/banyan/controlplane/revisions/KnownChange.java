package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.RouteFlags;
import java.util.Optional;

/**
 * Says that a difference is known, or that it is not any more.
 *
 * @param known empty: not any more
 */
public record KnownChange(String id, String field, Optional<KnownDifference> known) implements Change {
    /** More than parity keeps fields of would hide that nothing is right any more. */
    private static final int MOST = 50;

    /** Known from now on. */
    public static Change set(String id, KnownDifference known) {
        return new KnownChange(id, known.field(), Optional.of(known));
    }

    /** Not any more. */
    public static Change clear(String id, String field) {
        return new KnownChange(id, field, Optional.empty());
    }

    @Override
    public Optional<String> route() {
        return Optional.of(id);
    }

    @Override
    public Step from(Content present, Moment moment) {
        if (!present.base().routes().containsKey(id)) {
            return Step.noSuchRoute(id);
        }
        RouteFlags own = present.flagsOf(id);
        Optional<KnownDifference> now =
                Optional.ofNullable(own.known().get(field)).map(Flag::value);
        if (now.equals(known)) {
            return Step.same();
        }
        if (now.isEmpty() && own.known().size() >= MOST) {
            return Step.no(
                    Outcome.Why.TOO_MANY_KNOWN,
                    "route " + id + " has " + MOST + " known differences already",
                    "let modern be mended first, or say shadow.ignore in the route's file");
        }
        return Step.next(present.with(id, own.withKnown(field, known.map(moment::flag))));
    }
}
