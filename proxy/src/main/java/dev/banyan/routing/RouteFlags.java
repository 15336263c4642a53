package dev.banyan.routing;

import java.util.Optional;

/**
 * The flags over one route.
 *
 * @param owner the side that takes unsafe requests: set when the route first appears, moved by a command only; empty for routes
 *     without unsafe methods and for {@code writes: either}
 * @param freeze sends what can go there to legacy; the value says whether unsafe requests are moved too
 */
public record RouteFlags(
        Optional<Flag<Share>> canary,
        Optional<Flag<Share>> shadow,
        Optional<Side> owner,
        Optional<Flag<Freeze>> freeze) {
    public static final RouteFlags NONE =
            new RouteFlags(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public RouteFlags withCanary(Optional<Flag<Share>> next) {
        return new RouteFlags(next, shadow, owner, freeze);
    }

    public RouteFlags withShadow(Optional<Flag<Share>> next) {
        return new RouteFlags(canary, next, owner, freeze);
    }

    public RouteFlags withOwner(Optional<Side> next) {
        return new RouteFlags(canary, shadow, next, freeze);
    }

    public RouteFlags withFreeze(Optional<Flag<Freeze>> next) {
        return new RouteFlags(canary, shadow, owner, next);
    }
}
