package dev.banyan.dataplane.observe;

import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.routing.Side;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The gates before the owners of routes' data, as numbers. Not safe for several threads. */
final class WriteGateMeters {
    private final MeterRegistry registry;
    private final Map<String, List<Meter>> byRoute = new HashMap<>();

    WriteGateMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Nothing is done if it has meters already: a gate outlives its route's tables. */
    void show(String routeId, WriteGate gate) {
        byRoute.computeIfAbsent(
                routeId,
                added -> List.of(
                        FunctionCounter.builder(
                                        "banyan.writes.refused",
                                        gate,
                                        it -> it.state().refused())
                                .description(
                                        "Unsafe requests answered 503 because the owner of the route's data was moving")
                                .tag("route", routeId)
                                .register(registry),
                        Gauge.builder(
                                        "banyan.writes.gate.open",
                                        gate,
                                        it -> it.state().open() ? 1 : 0)
                                .description(
                                        "0 while the owner of the route's data moves and unsafe requests are refused, else 1")
                                .tag("route", routeId)
                                .register(registry),
                        underWay(routeId, Side.LEGACY, gate, it -> it.state().legacy()),
                        underWay(routeId, Side.MODERN, gate, it -> it.state().modern())));
    }

    private Gauge underWay(String routeId, Side side, WriteGate gate, ToDoubleFunction<WriteGate> count) {
        return Gauge.builder("banyan.writes.under.way", gate, count)
                .description("Unsafe requests that the side may be working on, of routes whose data has an owner")
                .tag("route", routeId)
                .tag("side", side.word())
                .register(registry);
    }

    void retain(Predicate<String> route) {
        byRoute.entrySet().removeIf(each -> {
            boolean gone = !route.test(each.getKey());
            if (gone) {
                each.getValue().forEach(registry::remove);
            }
            return gone;
        });
    }
}
