package dev.banyan.contract;

import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.contract.RecentRequests.Snapshot;
import dev.banyan.routing.RoutingTable;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests that a test says were counted. */
public final class CountedRequests {
    private CountedRequests() {}

    /**
     * All of them in the total, those that are asked for one by one.
     *
     * @param asked the routes that somebody wants to hear of
     */
    public static Snapshot of(RoutingTable inForce, Function<String, Recent> recent, Set<String> asked) {
        Map<String, Recent> told = asked.stream().collect(Collectors.toMap(route -> route, recent));
        long requests = Stream.concat(inForce.routes().keySet().stream(), Stream.of(RoutingTable.DEFAULT_ROUTE))
                .mapToLong(route -> recent.apply(route).total())
                .sum();
        return new Snapshot(recent.apply(RoutingTable.DEFAULT_ROUTE).since(), requests, told);
    }
}
