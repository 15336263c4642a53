package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.Ids;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.Words;
import dev.banyan.routing.keys.RouteKeys;
import dev.banyan.routing.keys.UpstreamKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What differs between two tables, a line each, for people: {@code transactions: canary 25% -> 50% (flag)}. */
public final class TableDiff {
    /** Told by what is in force rather than by what the file says. */
    private static final Set<String> TOLD_APART = Set.of("canary", "shadow.share");

    private final RoutingTable before;
    private final RoutingTable after;
    private final SortedMap<String, List<String>> ofRoutes = new TreeMap<>();
    private final List<String> ofOthers = new ArrayList<>();

    /**
     * The same lines, sorted by what they are about.
     *
     * @param routes by id, without the id in front
     * @param others of upstreams and of everything
     */
    public record ByRoute(SortedMap<String, List<String>> routes, List<String> others) {}

    private TableDiff(RoutingTable before, RoutingTable after) {
        this.before = before;
        this.after = after;
    }

    /** Routes first, in order of their ids; then upstreams, then what concerns everything. Empty: they are the same. */
    public static List<String> between(RoutingTable before, RoutingTable after) {
        ByRoute diff = byRoute(before, after);
        List<String> lines = new ArrayList<>();
        diff.routes().forEach((id, whats) -> whats.forEach(what -> lines.add(id + ": " + what)));
        lines.addAll(diff.others());
        return List.copyOf(lines);
    }

    public static ByRoute byRoute(RoutingTable before, RoutingTable after) {
        TableDiff diff = new TableDiff(before, after);
        diff.routes();
        diff.upstreams();
        diff.everything();
        return new ByRoute(
                Collections.unmodifiableSortedMap(diff.ofRoutes), Collections.unmodifiableList(diff.ofOthers));
    }

    private void routes() {
        for (String id : Ids.inEither(before.routes(), after.routes())) {
            Route was = before.base().routes().get(id);
            Route is = after.base().routes().get(id);
            if (was == null && is != null) {
                add(id, "added " + summary(is));
                flags(id, is, is);
            } else if (was != null && is == null) {
                add(id, "removed" + droppedFlags(id));
            } else if (was != null && is != null) {
                flags(id, was, is);
                RouteKeys.TABLE.differ(was, is, (key, how) -> {
                    if (!TOLD_APART.contains(key)) {
                        add(id, key + " " + how);
                    }
                });
            }
        }
    }

    private static String summary(Route route) {
        List<String> words = new ArrayList<>();
        route.legacy().ifPresent(upstream -> words.add("legacy " + upstream));
        route.modern().ifPresent(upstream -> words.add("modern " + upstream));
        words.add("canary " + route.canary());
        route.writes().ifPresent(writes -> words.add("writes " + Words.of(writes)));
        return "(" + String.join(", ", words) + ")";
    }

    private String droppedFlags(String id) {
        RouteFlags was = before.flags().of(id);
        if (!after.flags().of(id).equals(RouteFlags.NONE)) {
            return "; its flags stay for when it comes back";
        }
        List<String> dropped = new ArrayList<>();
        was.canary().ifPresent(flag -> dropped.add("canary " + flag.value()));
        was.shadow().ifPresent(flag -> dropped.add("shadow " + flag.value()));
        was.freeze().ifPresent(flag -> dropped.add("freeze"));
        return dropped.isEmpty() ? "" : ", and its flags with it: " + String.join(", ", dropped);
    }

    private void flags(String id, Route was, Route is) {
        RouteFlags flagsBefore = before.flags().of(id);
        RouteFlags flagsAfter = after.flags().of(id);
        share(id, "canary", was.canary(), flagsBefore.canary(), is.canary(), flagsAfter.canary());
        share(
                id,
                "shadow.share",
                was.shadow().share(),
                flagsBefore.shadow(),
                is.shadow().share(),
                flagsAfter.shadow());
        owner(id, is);
        freeze(flagsBefore.freeze(), flagsAfter.freeze()).ifPresent(what -> add(id, what));
        known(id, flagsBefore, flagsAfter);
    }

    private void known(String id, RouteFlags before, RouteFlags after) {
        for (String field : Ids.inEither(before.known(), after.known())) {
            Flag<KnownDifference> is = after.known().get(field);
            if (is == null) {
                add(id, "difference in " + field + " not known any more");
            } else if (!is.equals(before.known().get(field))) {
                KnownDifference known = is.value();
                add(id, "difference in " + field + " known until " + known.until() + " (of " + known.owner() + ")");
            }
        }
    }

    private void share(
            String id,
            String what,
            Share fileBefore,
            Optional<Flag<Share>> before,
            Share fileAfter,
            Optional<Flag<Share>> after) {
        Optional<Share> flagBefore = before.map(Flag::value);
        Optional<Share> flagAfter = after.map(Flag::value);
        Share was = flagBefore.orElse(fileBefore);
        Share is = flagAfter.orElse(fileAfter);
        if (!was.equals(is)) {
            add(id, what + " " + was + " -> " + is + by(flagBefore, flagAfter));
        } else if (flagBefore.isPresent() != flagAfter.isPresent()) {
            add(id, what + " " + is + by(flagBefore, flagAfter));
        } else if (!before.equals(after)) {
            // A rollback brings back a flag that says the same, but another's.
            after.ifPresent(flag -> add(id, what + " " + is + " (flag of " + flag.author() + ")"));
        }
        if (!fileBefore.equals(fileAfter) && flagAfter.isPresent()) {
            add(id, what + " in the file " + fileBefore + " -> " + fileAfter + ", the flag keeps it at " + is);
        }
    }

    private static String by(Optional<Share> flagBefore, Optional<Share> flagAfter) {
        if (flagAfter.isPresent()) {
            return " (flag)";
        }
        return flagBefore.isPresent() ? " (flag cleared)" : "";
    }

    private void owner(String id, Route is) {
        Optional<Side> ownerBefore = before.flags().of(id).owner();
        Optional<Side> ownerAfter = after.flags().of(id).owner();
        boolean firstAsTheFileSays = !before.routes().containsKey(id)
                && ownerAfter.equals(is.writes().flatMap(Route.Writes::owner));
        if (!ownerBefore.equals(ownerAfter) && !firstAsTheFileSays) {
            add(id, "owner " + word(ownerBefore) + " -> " + word(ownerAfter));
        }
    }

    private static String word(Optional<Side> side) {
        return side.map(Side::word).orElse("none");
    }

    private static Optional<String> freeze(Optional<Flag<Freeze>> flagBefore, Optional<Flag<Freeze>> flagAfter) {
        Optional<Freeze> was = flagBefore.map(Flag::value);
        Optional<Freeze> is = flagAfter.map(Flag::value);
        if (was.equals(is)) {
            return Optional.empty();
        }
        if (is.isEmpty()) {
            return Optional.of("thawed");
        }
        String writes = was.isPresent() ? "frozen, without its writes any more" : "frozen";
        return Optional.of(is.get().withWrites() ? "frozen, with its writes" : writes);
    }

    private void upstreams() {
        for (String id : Ids.inEither(before.base().upstreams(), after.base().upstreams())) {
            Upstream was = before.base().upstreams().get(id);
            Upstream is = after.base().upstreams().get(id);
            String name = "upstream " + id;
            if (was == null && is != null) {
                tell(name, "added (" + UpstreamKeys.address(is) + ")");
            } else if (was != null && is == null) {
                tell(name, "removed");
            } else if (was != null && is != null) {
                UpstreamKeys.TABLE.differ(was, is, (key, how) -> tell(name, key + " " + how));
            }
        }
    }

    private void everything() {
        freeze(before.flags().freeze(), after.flags().freeze()).ifPresent(what -> tell("everything", what));
        if (before.base().defaultUpstream().isEmpty()) {
            tell("default", after.base().defaultUpstream());
        } else if (!before.base().defaultUpstream().equals(after.base().defaultUpstream())) {
            tell(
                    "default",
                    before.base().defaultUpstream() + " -> " + after.base().defaultUpstream());
        }
        if (before.base().paths() != after.base().paths()) {
            tell(
                    "paths",
                    Words.of(before.base().paths()) + " -> "
                            + Words.of(after.base().paths()));
        }
    }

    private void add(String route, String what) {
        ofRoutes.computeIfAbsent(route, id -> new ArrayList<>()).add(what);
    }

    private void tell(String of, String what) {
        ofOthers.add(of + ": " + what);
    }
}
