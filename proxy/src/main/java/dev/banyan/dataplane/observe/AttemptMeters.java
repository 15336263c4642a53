package dev.banyan.dataplane.observe;

import dev.banyan.routing.Side;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was done about failures, and why not more. Looked up by name: only failures come here. The words are those of the rules, so
 * their number is bounded.
 */
public final class AttemptMeters {
    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> tunnels = new ConcurrentHashMap<>();

    AttemptMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The same upstream is asked once more. */
    public void retried(String upstream, String why) {
        registry.counter("banyan.retries", "upstream", upstream, "why", why).increment();
    }

    /** An attempt failed, and the same upstream is not asked again. */
    public void notRetried(String upstream, String why) {
        registry.counter("banyan.not.retried", "upstream", upstream, "why", why).increment();
    }

    /**
     * Legacy answers instead of modern.
     *
     * @param failure how modern failed: {@code connect-failed}, {@code status-503} …
     */
    public void fellBack(String route, String failure) {
        registry.counter("banyan.fallbacks", "route", route, "failure", failure).increment();
    }

    /** Tunnels of the route that are open on that side now. */
    public AtomicInteger tunnels(String route, Side side) {
        return tunnels.computeIfAbsent(route + " " + side, key -> {
            AtomicInteger open = new AtomicInteger();
            Gauge.builder("banyan.tunnels", open, AtomicInteger::get)
                    .description("WebSockets open now")
                    .tag("route", route)
                    .tag("side", side.word())
                    .register(registry);
            return open;
        });
    }

    /** Modern failed, and legacy is not asked. */
    public void notFallenBack(String route, String failure, String why) {
        registry.counter("banyan.not.fallen.back", "route", route, "failure", failure, "why", why)
                .increment();
    }
}
