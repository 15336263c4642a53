package dev.banyan.dataplane;

import io.micrometer.core.instrument.Gauge;

/** Live numbers of an edge. */
final class Gauges {
    private Gauges() {}

    /** Connections to upstreams, resting or not. */
    static long open(TestEdge edge) {
        return (long) edge.registry().find("banyan.upstream.connections").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    /** Connections to upstreams that carry a request. */
    static long active(TestEdge edge) {
        return (long) edge.registry().find("banyan.upstream.connections").tag("state", "active").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }
}
