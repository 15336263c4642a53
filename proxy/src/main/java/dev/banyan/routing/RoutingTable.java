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

    public static RoutingTable of(long revision, BaseTable base, Flags flags) {
        SortedMap<String, RouteInForce> routes = new TreeMap<>();
        base.routes().forEach((id, route) -> routes.put(id, RouteInForce.of(route, flags)));
        return new RoutingTable(revision, base, flags, Collections.unmodifiableSortedMap(routes));
    }
}
