package dev.banyan.dataplane.mirror;

import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.Upstream;
import java.util.Map;
import java.util.Optional;

/**
 * What a copy or a look was decided by. While it is under way the table may change; then it is given up, so that nothing is asked during a
 * freeze, of another upstream, or by other rules.
 *
 * @param owner of the route's data
 */
record InForce(Route route, Optional<Side> owner, Optional<Upstream> legacy, Optional<Upstream> modern) {

    static InForce of(RouteInForce route, RoutingTable table) {
        return new InForce(
                route.route(), route.owner(), upstream(route, Side.LEGACY, table), upstream(route, Side.MODERN, table));
    }

    private static Optional<Upstream> upstream(RouteInForce route, Side side, RoutingTable table) {
        Map<String, Upstream> all = table.base().upstreams();
        return route.route().upstream(side).flatMap(id -> Optional.ofNullable(all.get(id)));
    }
}
