package dev.banyan.dataplane.observe;

import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/** The meters of one route, found by index: no name is looked up for a request. */
@SuppressWarnings(
        "EnumOrdinal") // an index into an array of this run, never stored: a map would be looked up for each request
public final class RouteMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
                Duration.ofSeconds(1),
        Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30)
    };
    private static final String[] STATUS_CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
    private static final int SIDES = Side.values().length;
    private static final int REASONS = Reason.values().length;

    private final MeterRegistry registry;
    private final String routeId;
    private final int slot;
    private final String[] upstreams;
    private final AtomicReferenceArray<Timer> requests = new AtomicReferenceArray<>(SIDES * STATUS_CLASSES.length);
    private final AtomicReferenceArray<Counter> decisions = new AtomicReferenceArray<>(SIDES * REASONS);
    private final LongAdder[] totals = {new LongAdder(), new LongAdder()};

    /** @param slot of {@link LastHour#slot} */
    RouteMeters(MeterRegistry registry, String routeId, int slot, String legacyUpstream, String modernUpstream) {
        this.registry = registry;
        this.routeId = routeId;
        this.slot = slot;
        this.upstreams = new String[] {legacyUpstream, modernUpstream};
    }

    int slot() {
        return slot;
    }

    public void decided(Decision decision) {
        int index = decision.side().ordinal() * REASONS + decision.reason().ordinal();
        Counter counter = decisions.get(index);
        if (counter == null) {
            counter = Counter.builder("banyan.decisions")
                    .description("Requests by where they were sent, and why")
                    .tag("route", routeId)
                    .tag("side", decision.side().word())
                    .tag("reason", decision.reason().word())
                    .register(registry);
            decisions.set(index, counter);
        }
        counter.increment();
    }

    /**
     * Counts and times an exchange.
     *
     * @param status 0 if the client got none
     */
    public void ended(Side side, int status, long nanos) {
        totals[side.ordinal()].increment();
        int index = side.ordinal() * STATUS_CLASSES.length + status / 100;
        Timer timer = requests.get(index);
        if (timer == null) {
            timer = Timer.builder("banyan.requests")
                    .description(
                            "Requests, by what the client got, until the answer's last byte was handed to the kernel")
                    .tag("route", routeId)
                    .tag("side", side.word())
                    .tag("upstream", upstreams[side.ordinal()])
                    .tag("status", STATUS_CLASSES[status / 100])
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
            requests.set(index, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Requests that ended since the start. */
    public long total(Side side) {
        return totals[side.ordinal()].sum();
    }
}
