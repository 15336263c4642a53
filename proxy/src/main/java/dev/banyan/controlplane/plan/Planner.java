package dev.banyan.controlplane.plan;

import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.controlplane.plan.RouteChange.Counted;
import dev.banyan.controlplane.plan.RouteChange.Kind;
import dev.banyan.controlplane.revisions.Prospect;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.controlplane.revisions.TableDiff;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.yaml.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Plan}: the differences of two tables, weighed by the requests of the last hour. */
public final class Planner {
    private final Prospect prospect;
    private final RoutingTable before;
    private final TableDiff.ByRoute diff;
    private final RecentRequests.Snapshot recent;

    private Planner(Prospect prospect, RecentRequests requests) {
        this.prospect = prospect;
        this.before = prospect.from().table();
        this.diff = prospect.table()
                .map(after -> TableDiff.byRoute(before, after))
                .orElseGet(() -> new TableDiff.ByRoute(new TreeMap<>(), List.of()));
        // Of the others nothing is asked but how many they were: a table may have ten thousand.
        Set<String> changed = new HashSet<>(diff.routes().keySet());
        changed.add(RoutingTable.DEFAULT_ROUTE);
        this.recent = requests.of(changed);
    }

    public static Plan of(Prospect prospect, Source source, RecentRequests requests) {
        return new Planner(prospect, requests).plan(source);
    }

    private Plan plan(Source source) {
        List<RouteChange> routes = new ArrayList<>();
        prospect.table().ifPresent(after -> {
            diff.routes().forEach((id, lines) -> routes.add(route(id, lines, after)));
            ofDefault(after).ifPresent(routes::add);
        });
        return new Plan(
                prospect.from().number(),
                problems(source),
                prospect.warnings().stream().map(Problem::toString).toList(),
                notes(source),
                routes,
                diff.others(),
                recent.since(),
                recent.requests());
    }

    private List<String> problems(Source source) {
        List<String> problems = new ArrayList<>(
                prospect.problems().stream().map(Problem::toString).toList());
        if (source == Source.API) {
            prospect.from()
                    .pinnedTo()
                    .ifPresent(number -> problems.add("the table is pinned to revision " + number
                            + " by a rollback; fix: run banyan unpin first"));
        }
        return problems;
    }

    private List<String> notes(Source source) {
        List<String> notes = new ArrayList<>();
        if (source == Source.FILES) {
            notes.add("source: files: banyan apply is refused; what is saved in the watched directory is in force");
            prospect.from()
                    .pinnedTo()
                    .ifPresent(number -> notes.add(
                            "the table is pinned to revision " + number + ": changed files wait until banyan unpin"));
        }
        return notes;
    }

    private RouteChange route(String id, List<String> lines, RoutingTable after) {
        @Nullable RouteInForce was = before.routes().get(id);
        @Nullable RouteInForce is = after.routes().get(id);
        Recent counted = recent.of(id);
        Optional<String> strands = Optional.ofNullable(prospect.stranded().get(id));
        if (was != null && is != null) {
            return new ChangedRoute(was, is, before, after, counted).change(lines, strands);
        }
        return new RouteChange(
                id,
                Optional.ofNullable(is == null ? was : is)
                        .flatMap(route -> route.route().squad()),
                was == null ? Kind.ADDED : Kind.REMOVED,
                lines,
                Optional.ofNullable(was).map(RouteInForce::canary),
                Optional.ofNullable(is).map(RouteInForce::canary),
                new Counted(counted.since(), counted.total()),
                List.of(),
                0,
                Optional.empty(),
                List.of(),
                strands,
                List.of(
                        was == null
                                ? "new: what it will match is counted for the route, or the default, that matches it now"
                                : "its requests go to whatever else matches them, else to "
                                        + after.base().defaultUpstream() + ", the default"));
    }

    private Optional<RouteChange> ofDefault(RoutingTable after) {
        String was = before.base().defaultUpstream();
        String is = after.base().defaultUpstream();
        if (was.isEmpty() || was.equals(is)) {
            return Optional.empty();
        }
        Recent counted = recent.of(RoutingTable.DEFAULT_ROUTE);
        long safe = counted.others().stream()
                .filter(RecentRequests.Decided::safe)
                .mapToLong(RecentRequests.Decided::requests)
                .sum();
        Move move = new Move(
                new Target(Side.LEGACY, was),
                new Target(Side.LEGACY, is),
                List.of(),
                0,
                safe,
                counted.total() - safe,
                counted.total());
        return Optional.of(new RouteChange(
                RoutingTable.DEFAULT_ROUTE,
                Optional.empty(),
                Kind.CHANGED,
                List.of("upstream " + was + " -> " + is),
                Optional.empty(),
                Optional.empty(),
                new Counted(counted.since(), counted.total()),
                List.of(move),
                0,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of()));
    }
}
