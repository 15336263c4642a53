package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.judging.Interval;
import dev.banyan.meters.RouteCounters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What is known of the routes' parity, as metrics. Thread-safe. */
final class ParityMeters {
    /** So that a scrape, which asks for three numbers of each route, reckons once. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final MeterRegistry registry;
    private final Function<String, Shares> known;
    private final RouteCounters answers;
    private final Map<String, Gauges> gauges = new ConcurrentHashMap<>();

    /**
     * Shares of compared answers that say the same.
     *
     * @param lower the least that is likely
     * @param measured NaN: none was compared
     * @param upper the most that is likely
     */
    record Shares(double lower, double measured, double upper) {
        /**
         * Of differences.
         *
         * @param counted among those of which it is known whether they are one
         * @param different where their true share lies
         */
        static Shares of(Counted counted, Interval different) {
            return new Shares(
                    1 - different.upper(),
                    counted.all() == 0 ? Double.NaN : 1 - counted.share(),
                    1 - different.lower());
        }
    }

    /** Of one route. */
    private final class Gauges {
        private final String route;
        private final List<Gauge> all;
        private Shares shares;
        private long readNanos = System.nanoTime();

        Gauges(String route) {
            this.route = route;
            this.shares = known.apply(route);
            all = List.of(
                    gauge("lower", Shares::lower), gauge("measured", Shares::measured), gauge("upper", Shares::upper));
        }

        private Gauge gauge(String bound, ToDoubleFunction<Shares> share) {
            return Gauge.builder("banyan.parity.ratio", this, gauges -> share.applyAsDouble(gauges.fresh()))
                    .description("Share of compared answers that say the same, with its 95% interval")
                    .tag("route", route)
                    .tag("bound", bound)
                    .register(registry);
        }

        private synchronized Shares fresh() {
            long now = System.nanoTime();
            if (now - readNanos > FRESH_NANOS) {
                shares = known.apply(route);
                readNanos = now;
            }
            return shares;
        }
    }

    /** @param known what is known of a route now */
    ParityMeters(MeterRegistry registry, Function<String, Shares> known) {
        this.registry = registry;
        this.known = known;
        answers = new RouteCounters(
                registry,
                "banyan.parity.answers",
                "Answers of both sides to one request, by whether they say the same",
                "result");
    }

    /** @param result one of a fixed list */
    void count(String route, String result) {
        answers.count(route, result);
        gauges.computeIfAbsent(route, Gauges::new);
    }

    /** Forgets other routes. */
    void retain(Set<String> routes) {
        answers.retain(routes);
        gauges.forEach((route, gauges) -> {
            if (!routes.contains(route) && this.gauges.remove(route, gauges)) {
                gauges.all.forEach(registry::remove);
            }
        });
    }
}
