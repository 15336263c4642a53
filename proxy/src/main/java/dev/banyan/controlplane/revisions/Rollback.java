package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.file.TableText;
import dev.banyan.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Takes an old revision's routes, upstreams, canary and shadow flags, or those of one route, and pins the table to it. Owners,
 * freezes and known differences stay as they are: the data has moved on, and an incident is not over because a table is old.
 *
 * @param route empty: all of it
 */
public record Rollback(long number, Optional<String> route, StrandedWrites stranded) implements Change {

    @Override
    public Step from(Content present, Moment moment) {
        Optional<Content> old = moment.past().content(number);
        if (old.isEmpty()) {
            return Step.no(
                    Outcome.Why.NO_SUCH_REVISION,
                    "there is no revision " + number,
                    "banyan revisions lists them; the newest is "
                            + moment.past().newest());
        }
        Going going = new Going(number, present, old.get(), moment.stranding(stranded));
        return route.isPresent() ? going.one(route.get()) : going.all();
    }

    /** From the present to what was. */
    private record Going(long number, Content present, Content old, Stranding stranding) {
        Step all() {
            Map<String, RouteFlags> flags = new HashMap<>();
            old.base().routes().forEach((id, was) -> flags.put(id, flagsOf(was)));
            return pinned(old.base(), present.flags().withAll(flags), List.of());
        }

        Step one(String id) {
            Route then = old.base().routes().get(id);
            if (then == null) {
                return Step.no(
                        Outcome.Why.NO_SUCH_ROUTE,
                        "revision " + number + " has no route " + id,
                        "banyan diff " + number + " shows what it has; roll back to a revision that has the route");
            }
            List<String> notes = new ArrayList<>();
            BaseTable base = combined(present.base(), then, notes);
            List<String> wrong = conflicts(base);
            if (!wrong.isEmpty()) {
                return Step.no(
                        Outcome.Why.DOES_NOT_FIT,
                        "route " + id + " of revision " + number + " does not fit into today's table: "
                                + String.join("; ", wrong),
                        "roll back the whole table with banyan rollback " + number
                                + ", or change the other routes first");
            }
            return pinned(base, present.flags().with(id, flagsOf(then)), notes);
        }

        private RouteFlags flagsOf(Route then) {
            RouteFlags was = old.flagsOf(then.id());
            RouteFlags is = present.flagsOf(then.id());
            return new RouteFlags(
                    was.canary(),
                    was.shadow(),
                    is.owner().or(was::owner).or(() -> then.writes().flatMap(Route.Writes::owner)),
                    is.freeze(),
                    is.known());
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

        private Step pinned(BaseTable base, Flags flags, List<String> notes) {
            Content next = new Content(present.table().next(0, base, flags), Optional.of(number), present.files());
            return stranding.step(present, next, notes);
        }
    }

    /** What is wrong with a table that is put together from two. */
    private static List<String> conflicts(BaseTable table) {
        return TableText.conflicts(table).stream().map(Problem::what).toList();
    }
}
