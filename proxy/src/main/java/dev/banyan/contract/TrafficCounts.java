package dev.banyan.contract;

import dev.banyan.routing.Side;

/** How much traffic each side of a route gets. Implemented by the data plane, from the meters that {@code /metrics} shows. */
@FunctionalInterface
public interface TrafficCounts {

    /**
     * Never blocks.
     *
     * @param route an id, or {@link dev.banyan.routing.RoutingTable#DEFAULT_ROUTE}; zero for one that nobody has asked for yet
     */
    Count of(String route, Side side);

    /**
     * How much one side got.
     *
     * @param requests since the start
     * @param perSecond over the last minute
     */
    record Count(long requests, double perSecond) {
        public static final Count NONE = new Count(0, 0);
    }
}
