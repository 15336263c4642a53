package dev.banyan.routing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All routes and upstreams with all flags: one immutable value, swapped as a whole. A request reads it once.
 *
 * @param revision the number of the revision that this is the content of
 * @param routes by id, with their flags applied
 */
public record RoutingTable(long revision, BaseTable base, Flags flags, SortedMap<String, RouteInForce> routes) {

    /** What matches no route is called so in headers, metrics and logs; no route may be. */
    public static final String DEFAULT_ROUTE = "default";

    /** What stands before the first revision: no routes, no upstreams, and no default to send anything to. */
    public static final RoutingTable NONE =
            of(0, new BaseTable(PathRules.RAILS, "", new TreeMap<>(), new TreeMap<>()), Flags.NONE);

    /** Nothing but these routes under these flags. */
    public static RoutingTable of(long revision, BaseTable base, Flags flags) {
        SortedMap<String, RouteInForce> routes = new TreeMap<>();
        base.routes().forEach((id, route) -> routes.put(id, RouteInForce.of(route, flags)));
        return new RoutingTable(revision, base, flags, Collections.unmodifiableSortedMap(routes));
    }

    /** The same as {@link #of}; routes and upstreams that are equal in this table are the same objects in both. */
    public RoutingTable next(long number, BaseTable nextBase, Flags nextFlags) {
        BaseTable shared = nextBase.sharing(base);
        SortedMap<String, RouteInForce> next = new TreeMap<>(routes);
        next.keySet().retainAll(shared.routes().keySet());
        boolean sameForAll = nextFlags.freeze().equals(flags.freeze());
        shared.routes().forEach((id, route) -> {
            RouteInForce was = routes.get(id);
            boolean same = sameForAll
                    && was != null
                    && was.route().equals(route)
                    && nextFlags.of(id).equals(flags.of(id));
            if (!same) {
                next.put(id, RouteInForce.of(route, nextFlags));
            }
        });
        return new RoutingTable(number, shared, nextFlags, Collections.unmodifiableSortedMap(next));
    }

    /** The same content as another revision. */
    public RoutingTable numbered(long number) {
        return number == revision ? this : new RoutingTable(number, base, flags, routes);
    }
}
