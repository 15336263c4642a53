package dev.banyan.testing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;

/** Live numbers of an edge. */
public final class Gauges {
    private Gauges() {}

    /** Connections to upstreams, resting or not. */
    public static long open(TestEdge edge) {
        return (long) edge.registry().find("banyan.upstream.connections").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    /** Connections to upstreams that carry a request. */
    public static long active(TestEdge edge) {
        return (long) edge.registry().find("banyan.upstream.connections").tag("state", "active").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    /** A counter over all its other tags. */
    public static double counter(TestEdge edge, String name, String tag, String value) {
        return edge.registry().find(name).tag(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
