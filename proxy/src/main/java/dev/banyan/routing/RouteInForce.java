package dev.banyan.routing;

import java.util.Optional;

/**
 * A route with its flags applied: what holds for the next request.
 *
 * @param owner the side that takes unsafe requests; empty for {@code writes: either} and for routes without unsafe methods
 * @param freeze the route's own or everything's; empty if neither, or if the route has no legacy side to be frozen to
 */
public record RouteInForce(
        Route route, Share canary, Share shadowShare, Optional<Side> owner, Optional<Freeze> freeze, Stage stage) {

    static RouteInForce of(Route route, Flags flags) {
        RouteFlags own = flags.of(route.id());
        Share canary = own.canary().map(Flag::value).orElse(route.canary());
        Share shadow = own.shadow().map(Flag::value).orElse(route.shadow().share());
        Optional<Side> owner = own.owner()
                .or(() -> route.writes().flatMap(Route.Writes::owner))
                .filter(side -> route.writes()
                        .filter(writes -> writes != Route.Writes.EITHER)
                        .isPresent());
        Optional<Freeze> freeze = route.legacy().isEmpty() ? Optional.empty() : stronger(own.freeze(), flags.freeze());
        return new RouteInForce(route, canary, shadow, owner, freeze, stage(route, canary, shadow));
    }

    public String id() {
        return route.id();
    }

    private static Optional<Freeze> stronger(Optional<Flag<Freeze>> one, Optional<Flag<Freeze>> other) {
        if (one.isEmpty() && other.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Freeze(one.map(flag -> flag.value().withWrites()).orElse(false)
                || other.map(flag -> flag.value().withWrites()).orElse(false)));
    }

    private static Stage stage(Route route, Share canary, Share shadow) {
        if (route.legacy().isEmpty()) {
            return Stage.COMPLETE;
        }
        if (route.modern().isEmpty()) {
            return Stage.LEGACY;
        }
        if (canary.equals(Share.ALL)) {
            return Stage.LIVE;
        }
        if (!canary.equals(Share.NONE)) {
            return Stage.CANARY;
        }
        return shadow.equals(Share.NONE) ? Stage.LEGACY : Stage.SHADOW;
    }
}
