package dev.banyan.dataplane.observe;

import dev.banyan.routing.Side;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What was done about failures, and why not more. Looked up by name: only failures come here. The words are those of the rules, so
 * their number is bounded.
 */
public final class AttemptMeters {
    private static final String RETRIES = "banyan.retries";
    private static final String NOT_RETRIED = "banyan.not.retried";
    private static final String FALLBACKS = "banyan.fallbacks";
    private static final String NOT_FALLEN_BACK = "banyan.not.fallen.back";

    private final MeterRegistry registry;
    private final Map<RouteSide, Tunnels> tunnels = new ConcurrentHashMap<>();

    private record RouteSide(String route, Side side) {}

    private record Tunnels(AtomicInteger open, Gauge gauge) {}

    AttemptMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The same upstream is asked once more. */
    public void retried(String upstream, String why) {
        counted(RETRIES, "Attempts made again, by what had failed", "upstream", upstream, "why", why);
    }

    /** An attempt failed, and the same upstream is not asked again. */
    public void notRetried(String upstream, String why) {
        counted(
                NOT_RETRIED,
                "Attempts that failed and were not made again, by why not",
                "upstream",
                upstream,
                "why",
                why);
    }

    /**
     * Legacy answers instead of modern.
     *
     * @param failure how modern failed: {@code connect-failed}, {@code status-503} …
     */
    public void fellBack(String route, String failure) {
        counted(
                FALLBACKS,
                "Requests that legacy answered because modern failed, by how it failed",
                "route",
                route,
                "failure",
                failure);
    }

    /** Modern failed, and legacy is not asked. */
    public void notFallenBack(String route, String failure, String why) {
        counted(
                NOT_FALLEN_BACK,
                "Failures of modern that legacy was not asked about, by why not",
                "route",
                route,
                "failure",
                failure,
                "why",
                why);
    }

    private void counted(String name, String description, String... tags) {
        Counter.builder(name)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment();
    }

    /** Tunnels of the route that are open on that side now. */
    public AtomicInteger tunnels(String route, Side side) {
        return tunnels.computeIfAbsent(new RouteSide(route, side), key -> tunnelsOf(route, side))
                .open();
    }

    private Tunnels tunnelsOf(String route, Side side) {
        AtomicInteger open = new AtomicInteger();
        return new Tunnels(
                open,
                Gauge.builder("banyan.tunnels", open, AtomicInteger::get)
                        .description("WebSockets open now")
                        .tag("route", route)
                        .tag("side", side.word())
                        .register(registry));
    }

    /** Removes what is about others than these. Looks at every meter there is: only for when something has gone. */
    void retain(Predicate<String> route, Predicate<String> upstream) {
        retain("upstream", upstream, RETRIES, NOT_RETRIED);
        retain("route", route, FALLBACKS, NOT_FALLEN_BACK);
    }

    /** Removes those of other routes than these, once nothing is open any more. */
    void retainTunnels(Predicate<String> route) {
        tunnels.entrySet().removeIf(each -> {
            boolean gone =
                    !route.test(each.getKey().route()) && each.getValue().open().get() == 0;
            if (gone) {
                registry.remove(each.getValue().gauge());
            }
            return gone;
        });
    }

    private void retain(String tag, Predicate<String> kept, String... names) {
        for (String name : names) {
            registry.find(name).meters().stream()
                    .filter(meter -> !kept.test(String.valueOf(meter.getId().getTag(tag))))
                    .forEach(registry::remove);
        }
    }
}
