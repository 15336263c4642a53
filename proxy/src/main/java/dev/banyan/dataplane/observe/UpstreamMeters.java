package dev.banyan.dataplane.observe;

import dev.banyan.contract.LiveUpstreams.LiveEndpoint;
import dev.banyan.contract.LiveUpstreams.Standing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The gauges of one upstream, read from how it is when somebody looks. Endpoints are counted by state: their addresses come and go. */
final class UpstreamMeters {
    private static final List<String> BREAKER_STATES = List.of("closed", "half-open", "open");
    private static final List<String> ENDPOINT_STATES = List.of("ready", "warming", "unhealthy", "ejected");

    private final MeterRegistry registry;
    private final String id;
    private final Supplier<Standing> standing;
    private final List<Meter> all = new ArrayList<>();

    UpstreamMeters(MeterRegistry registry, String id, Supplier<Standing> standing) {
        this.registry = registry;
        this.id = id;
        this.standing = standing;
        add("banyan.upstream.under.way", "Requests at an upstream now", "", "", Standing::underWay);
        add("banyan.upstream.queued", "Requests that wait for an upstream's permit", "", "", Standing::queued);
        String connections = "Connections to an upstream, over all event loops";
        add("banyan.upstream.connections", connections, "state", "active", now -> sum(now, UpstreamMeters::active));
        add(
                "banyan.upstream.connections",
                connections,
                "state",
                "idle",
                now -> sum(now, LiveEndpoint::idleConnections));
        for (String state : BREAKER_STATES) {
            add(
                    "banyan.upstream.breaker",
                    "1 for the state that an upstream's breaker is in",
                    "state",
                    state,
                    now -> now.breaker().equals(state) ? 1 : 0);
        }
        for (String state : ENDPOINT_STATES) {
            add(
                    "banyan.upstream.endpoints",
                    "Endpoints of an upstream, by the state they are in",
                    "state",
                    state,
                    now -> sum(now, endpoint -> endpoint.state().equals(state) ? 1 : 0));
        }
    }

    private static int active(LiveEndpoint endpoint) {
        return endpoint.connections() - endpoint.idleConnections();
    }

    private static double sum(Standing standing, ToDoubleFunction<LiveEndpoint> number) {
        return standing.endpoints().stream().mapToDouble(number).sum();
    }

    private void add(String name, String description, String tag, String value, ToDoubleFunction<Standing> number) {
        Supplier<Number> read = () -> number.applyAsDouble(standing.get());
        Gauge.Builder<Supplier<Number>> gauge =
                Gauge.builder(name, read).description(description).tag("upstream", id);
        all.add((tag.isEmpty() ? gauge : gauge.tag(tag, value)).register(registry));
    }

    void remove() {
        all.forEach(registry::remove);
    }
}
