package dev.banyan.contract;

import java.util.List;
import java.util.Optional;

/** How the upstreams of the table in force stand at this moment. Implemented by the data plane. */
@FunctionalInterface
public interface LiveUpstreams {

    /** Never blocks. Empty: nothing is known of it beside what the table says. */
    Optional<Standing> of(String upstream);

    /**
     * One upstream.
     *
     * @param breaker {@code closed}, {@code open} or {@code half-open}
     * @param underWay requests at it now, over all event loops
     * @param queued requests that wait for their turn
     * @param endpoints those it has now, in the table's order; of a name, as it was last resolved
     * @param problem what is wrong with its files, {@code FILE: what; fix: ...}; empty: nothing
     */
    record Standing(String breaker, int underWay, int queued, List<LiveEndpoint> endpoints, Optional<String> problem) {
        public Standing {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * One endpoint.
     *
     * @param address as the table writes it: {@code http://127.0.0.1:8082}
     * @param state {@code ready}; {@code warming}: back lately, with less than its share; or why it gets nothing now: {@code unhealthy}
     *     by its probes, {@code ejected} for its failures
     */
    record LiveEndpoint(String address, String state, int underWay, int connections, int idleConnections) {
        public static final String READY = "ready";
    }
}
