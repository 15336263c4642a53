package dev.banyan.routing;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All live overrides. They lie over the base and stay until cleared.
 *
 * @param routes by route id; a route without flags is not in it
 * @param freeze of everything that has a legacy side
 */
public record Flags(SortedMap<String, RouteFlags> routes, Optional<Flag<Freeze>> freeze) {
    public static final Flags NONE = new Flags(new TreeMap<>(), Optional.empty());

    public Flags {
        routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }

    public RouteFlags of(String routeId) {
        return routes.getOrDefault(routeId, RouteFlags.NONE);
    }

    /** The same with the flags of one route replaced. */
    public Flags with(String routeId, RouteFlags flags) {
        return withAll(Map.of(routeId, flags));
    }

    /** The same with the flags of those routes replaced, by route id: one copy for all of them. */
    public Flags withAll(Map<String, RouteFlags> replaced) {
        SortedMap<String, RouteFlags> next = new TreeMap<>(routes);
        replaced.forEach((routeId, flags) -> {
            if (flags.equals(RouteFlags.NONE)) {
                next.remove(routeId);
            } else {
                next.put(routeId, flags);
            }
        });
        return new Flags(next, freeze);
    }

    public Flags withFreeze(Optional<Flag<Freeze>> next) {
        return new Flags(routes, next);
    }
}
