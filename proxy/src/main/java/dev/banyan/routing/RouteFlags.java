package dev.banyan.routing;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The flags over one route.
 *
 * @param owner the side that takes unsafe requests: set when the route first appears, moved by a command only; empty for routes
 *     without unsafe methods and for {@code writes: either}
 * @param known what differs and is known to, by field
 * @param freeze sends what can go there to legacy; the value says whether unsafe requests are moved too
 */
public record RouteFlags(
        Optional<Flag<Share>> canary,
        Optional<Flag<Share>> shadow,
        Optional<Side> owner,
        Optional<Flag<Freeze>> freeze,
        SortedMap<String, Flag<KnownDifference>> known) {
    public static final RouteFlags NONE =
            new RouteFlags(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), new TreeMap<>());

    public RouteFlags {
        known = Collections.unmodifiableSortedMap(new TreeMap<>(known));
    }

    public RouteFlags withCanary(Optional<Flag<Share>> next) {
        return new RouteFlags(next, shadow, owner, freeze, known);
    }

    public RouteFlags withShadow(Optional<Flag<Share>> next) {
        return new RouteFlags(canary, next, owner, freeze, known);
    }

    public RouteFlags withOwner(Optional<Side> next) {
        return new RouteFlags(canary, shadow, next, freeze, known);
    }

    public RouteFlags withFreeze(Optional<Flag<Freeze>> next) {
        return new RouteFlags(canary, shadow, owner, next, known);
    }

    /** With what is known of that field; empty: nothing any more. */
    public RouteFlags withKnown(String field, Optional<Flag<KnownDifference>> next) {
        SortedMap<String, Flag<KnownDifference>> changed = new TreeMap<>(known);
        changed.remove(field);
        next.ifPresent(flag -> changed.put(field, flag));
        return new RouteFlags(canary, shadow, owner, freeze, changed);
    }
}
