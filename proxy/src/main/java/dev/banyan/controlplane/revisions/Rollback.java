package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Takes an old revision's routes, upstreams, canary and shadow flags, or those of one route, and pins the table to it. Owners and
 * freezes stay as they are: the data has moved on, and an incident is not over because a table is old.
 *
 * @param old the content of revision {@code number}
 * @param problems what is wrong with a table that is put together from two
 */
record Rollback(
        long number,
        Content old,
        Optional<String> route,
        Stranding stranding,
        Function<BaseTable, List<String>> problems)
        implements Change {

    @Override
    public Step from(Content present) {
        return route.isPresent() ? one(present, route.get()) : all(present);
    }

    private Step all(Content present) {
        Map<String, RouteFlags> flags = new HashMap<>();
        old.base().routes().forEach((id, route) -> flags.put(id, flagsOf(route, present)));
        return pinned(present, old.base(), present.flags().withAll(flags), List.of());
    }

    private Step one(Content present, String id) {
        Route then = old.base().routes().get(id);
        if (then == null) {
            return Step.no(
                    Outcome.Why.NO_SUCH_ROUTE,
                    "revision " + number + " has no route " + id,
                    "banyan diff " + number + " shows what it has; roll back to a revision that has the route");
        }
        List<String> notes = new ArrayList<>();
        BaseTable base = combined(present.base(), then, notes);
        List<String> wrong = problems.apply(base);
        if (!wrong.isEmpty()) {
            return Step.no(
                    Outcome.Why.DOES_NOT_FIT,
                    "route " + id + " of revision " + number + " does not fit into today's table: "
                            + String.join("; ", wrong),
                    "roll back the whole table with banyan rollback " + number + ", or change the other routes first");
        }
        return pinned(present, base, present.flags().with(id, flagsOf(then, present)), notes);
    }

    private RouteFlags flagsOf(Route then, Content present) {
        RouteFlags was = old.flagsOf(then.id());
        RouteFlags is = present.flagsOf(then.id());
        return new RouteFlags(
                was.canary(),
                was.shadow(),
                is.owner().or(was::owner).or(() -> then.writes().flatMap(Route.Writes::owner)),
                is.freeze());
    }

    private BaseTable combined(BaseTable today, Route then, List<String> notes) {
        SortedMap<String, Route> routes = new TreeMap<>(today.routes());
        routes.put(then.id(), then);
        SortedMap<String, Upstream> upstreams = new TreeMap<>(today.upstreams());
        Stream.concat(then.legacy().stream(), then.modern().stream()).forEach(id -> {
            Upstream was = old.base().upstreams().get(id);
            Upstream is = today.upstreams().get(id);
            if (was == null || was.equals(is)) {
                return;
            }
            if (is != null && othersUse(today, id, then.id())) {
                notes.add("upstream " + id + ": stays as it is today, because others use it too");
            } else {
                upstreams.put(id, was);
            }
        });
        return new BaseTable(today.paths(), today.defaultUpstream(), upstreams, routes);
    }

    /** Rolling one squad's route back must not change an upstream under the feet of another's. */
    private static boolean othersUse(BaseTable today, String upstream, String route) {
        return today.defaultUpstream().equals(upstream)
                || today.routes().values().stream()
                        .filter(each -> !each.id().equals(route))
                        .flatMap(each -> Stream.concat(each.legacy().stream(), each.modern().stream()))
                        .anyMatch(upstream::equals);
    }

    private Step pinned(Content present, BaseTable base, Flags flags, List<String> notes) {
        Content next = new Content(base, flags, Optional.of(number), present.files());
        return stranding.step(present, next, notes);
    }
}
