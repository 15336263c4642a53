package dev.banyan.controlplane.plan;

import java.time.Instant;
import java.util.List;

/**
 * What files would change against the table in force.
 *
 * @param revision the table that they are compared with
 * @param problems why they would be refused, each as {@code FILE:LINE:COL: what; fix: ...}; empty: they would not
 * @param warnings never block
 * @param notes what else stands between the files and the table
 * @param routes those that change, by id; {@code default} is what no route matches
 * @param others lines on upstreams and on what concerns everything
 * @param since requests are counted from then on
 * @param requests of all routes in that time
 */
public record Plan(
        long revision,
        List<String> problems,
        List<String> warnings,
        List<String> notes,
        List<RouteChange> routes,
        List<String> others,
        Instant since,
        long requests) {
    /** Fewer say little of a share. */
    public static final int ENOUGH_REQUESTS = 100;

    public Plan {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        notes = List.copyOf(notes);
        routes = List.copyOf(routes);
        others = List.copyOf(others);
    }

    public boolean changesAnything() {
        return !routes.isEmpty() || !others.isEmpty();
    }

    public long moved() {
        return routes.stream().mapToLong(RouteChange::moved).sum();
    }
}
