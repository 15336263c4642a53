package dev.banyan.dataplane.mirror;

import dev.banyan.meters.RouteCounters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/** How many copies were made, and why others were not. */
final class ShadowMeters {
    private final RouteCounters made;
    private final RouteCounters repeated;
    private final RouteCounters asStranger;
    private final RouteCounters readBack;
    private final RouteCounters unmade;

    ShadowMeters(MeterRegistry registry) {
        made = new RouteCounters(
                registry,
                "banyan.shadow.copies",
                "Requests that were sent once more, to the side that did not answer",
                "");
        repeated = new RouteCounters(
                registry,
                "banyan.shadow.repeats",
                "Requests that were sent once more to the side that did answer, to compare it in another form",
                "");
        asStranger = new RouteCounters(
                registry,
                "banyan.shadow.strangers",
                "Requests that were made once more without the client's credentials, to find checks that modern skips, by as whom",
                "as");
        readBack =
                new RouteCounters(registry, "banyan.shadow.read.back", "Writes that were looked for at both sides", "");
        unmade = new RouteCounters(
                registry,
                "banyan.shadow.not.made",
                "Requests that were to be copied and were not, or not compared, by why not",
                "why");
    }

    void made(String route) {
        made.count(route, "");
    }

    void repeated(String route) {
        repeated.count(route, "");
    }

    void asStranger(String route, String as) {
        asStranger.count(route, as);
    }

    void readBack(String route) {
        readBack.count(route, "");
    }

    void unmade(String route, Unmade why) {
        unmade.count(route, why.word());
    }

    void retain(Set<String> routes) {
        made.retain(routes);
        repeated.retain(routes);
        asStranger.retain(routes);
        readBack.retain(routes);
        unmade.retain(routes);
    }
}
