package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a file may not change although it is a good file: who owns a route's data, and what strands writes. Both are for commands,
 * which wait for requests under way and tell what they cost.
 */
final class FileRules {
    private final Content present;
    private final Stranding stranding;
    private boolean lastGoodIsRead;
    private Optional<Reading.Read> lastGood = Optional.empty();

    FileRules(Content present, Stranding stranding) {
        this.present = present;
        this.stranding = stranding;
    }

    /** What the last good files say. Read only where it is asked for: thousands of routes take a while. */
    private Optional<Reading.Read> lastGood() {
        if (!lastGoodIsRead) {
            lastGoodIsRead = true;
            lastGood = RoutesFiles.read(present.files()) instanceof Reading.Read read
                    ? Optional.of(read)
                    : Optional.empty();
        }
        return lastGood;
    }

    /** The flags over the files' table: owners of new routes are added, and flags of routes that are gone are dropped. */
    static Flags flagsOver(BaseTable base, Content present) {
        Map<String, RouteFlags> routes = new HashMap<>();
        base.routes().forEach((id, route) -> {
            RouteFlags own = present.flagsOf(id);
            routes.put(id, own.withOwner(owner(route, own)));
        });
        return new Flags(new TreeMap<>(), present.flags().freeze()).withAll(routes);
    }

    private static Optional<Side> owner(Route route, RouteFlags own) {
        Optional<Side> named = route.writes().flatMap(Route.Writes::owner);
        return named.isEmpty() ? named : own.owner().or(() -> named);
    }

    /** Everything that the files may not do to what is in force. */
    List<Problem> problemsOf(Reading.Read candidate) {
        List<Problem> problems = ownerProblems(candidate);
        return problems.isEmpty() ? strandings(candidate) : problems;
    }

    /** Of routes that changed. One that did not is not held to it: a command may have moved its owner since it was written. */
    List<Problem> ownerProblems(Reading.Read candidate) {
        List<Problem> problems = new ArrayList<>();
        for (Route route : candidate.table().routes().values()) {
            if (!isAsLastGood(route)) {
                candidate
                        .ofRoute(route.id(), "writes")
                        .flatMap(at -> ownerProblem(route, at))
                        .ifPresent(problems::add);
            }
        }
        return problems;
    }

    private boolean isAsLastGood(Route route) {
        // While the table is pinned, what is in force is not what the files said last.
        Optional<BaseTable> said = present.pinnedTo().isEmpty()
                ? Optional.of(present.base())
                : lastGood().map(Reading.Read::table);
        return said.filter(table -> route.equals(table.routes().get(route.id())))
                .isPresent();
    }

    private Optional<Problem> ownerProblem(Route route, Position at) {
        Optional<Side> owner = present.flagsOf(route.id()).owner();
        if (owner.isEmpty() || !present.base().routes().containsKey(route.id())) {
            return Optional.empty();
        }
        Side now = owner.get();
        Optional<Side> named = route.writes().flatMap(Route.Writes::owner);
        if (route.upstream(now).isEmpty()) {
            return Optional.of(at.problem(
                    "route %s would lose its %s side, which owns its data".formatted(route.id(), now.word()),
                    "run banyan writes move %s %s first"
                            .formatted(route.id(), now.other().word())));
        }
        if (named.isPresent() && named.get() != now) {
            return Optional.of(at.problem(
                    "writes: %s, but the data of route %s belongs to %s, and an owner moves by a command only"
                            .formatted(named.get().word(), route.id(), now.word()),
                    "write %s, or run banyan writes move %s %s"
                            .formatted(now.word(), route.id(), named.get().word())));
        }
        return Optional.empty();
    }

    private List<Problem> strandings(Reading.Read candidate) {
        RoutingTable after = present.table().next(0, candidate.table(), flagsOver(candidate.table(), present));
        List<Problem> problems = new ArrayList<>();
        stranding
                .told(present.table(), after)
                .forEach((route, what) -> problems.add(
                        position(route, candidate).problem("route " + route + ": " + what, Stranding.fix(route))));
        return problems;
    }

    /** Of a route that goes: the beginning of the file that it was in. */
    private Position position(String route, Reading.Read candidate) {
        return candidate
                .ofRoute(route, "canary")
                .orElseGet(() -> lastGood()
                        .flatMap(read -> read.ofRoute(route, "canary"))
                        .map(was -> new Position(was.file(), 1, 1))
                        .orElseGet(() -> new Position("", 1, 1)));
    }
}
