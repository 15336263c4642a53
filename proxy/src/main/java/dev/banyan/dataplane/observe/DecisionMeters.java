package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Where the requests of one route were sent, and why: found by index, each made when it is first needed. */
@SuppressWarnings(
        "EnumOrdinal") // an index into an array of this run, never stored: a map would be looked up for each request
final class DecisionMeters {
    private static final int REASONS = Reason.values().length;

    private final MeterRegistry registry;
    private final String routeId;
    private final AtomicReferenceArray<Counter> counters = new AtomicReferenceArray<>(Side.values().length * REASONS);
    private boolean removed;

    DecisionMeters(MeterRegistry registry, String routeId) {
        this.registry = registry;
        this.routeId = routeId;
    }

    void decided(Destination decision) {
        Counter counter = counters.get(index(decision));
        if (counter == null) {
            counter = counter(decision);
        }
        if (counter != null) {
            counter.increment();
        }
    }

    private static int index(Destination decision) {
        return decision.side().ordinal() * REASONS + decision.reason().ordinal();
    }

    private synchronized @Nullable Counter counter(Destination decision) {
        if (removed) {
            return null;
        }
        Counter counter = Counter.builder("banyan.decisions")
                .description("Requests by where they were sent, and why")
                .tag("route", routeId)
                .tag("side", decision.side().word())
                .tag("reason", decision.reason().word())
                .register(registry);
        counters.set(index(decision), counter);
        return counter;
    }

    /** For good: an exchange that still ends here is not counted any more. */
    synchronized void remove() {
        removed = true;
        for (int i = 0; i < counters.length(); i++) {
            Counter counter = counters.get(i);
            if (counter != null) {
                registry.remove(counter);
            }
        }
    }
}
