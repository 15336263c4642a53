package dev.banyan.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One counter per route and word. It is there from its first event on, and goes with its route. Thread-safe. */
public final class RouteCounters {
    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final String label;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    private record Key(String route, String word) {}

    /**
     * None yet.
     *
     * @param label of the word; empty: there is but one counter per route
     */
    public RouteCounters(MeterRegistry registry, String name, String description, String label) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.label = label;
    }

    /**
     * Counts one event.
     *
     * @param word one of a fixed list: it becomes a label
     */
    public void count(String route, String word) {
        counters.computeIfAbsent(new Key(route, word), this::counter).increment();
    }

    private Counter counter(Key key) {
        Counter.Builder builder = Counter.builder(name).description(description).tag("route", key.route());
        return (label.isEmpty() ? builder : builder.tag(label, key.word())).register(registry);
    }

    /** Forgets those of other routes. */
    public void retain(Set<String> routes) {
        counters.forEach((key, counter) -> {
            if (!routes.contains(key.route()) && counters.remove(key, counter)) {
                registry.remove(counter);
            }
        });
    }
}
