package dev.banyan.controlplane.plan;

import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.controlplane.plan.RouteChange.Counted;
import dev.banyan.controlplane.plan.RouteChange.PilotMove;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.routing.decide.StickyKey;
import dev.banyan.routing.keys.RouteKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One route that is in both tables. */
record ChangedRoute(RouteInForce was, RouteInForce is, RoutingTable before, RoutingTable after, Recent recent) {

    /** What the bucket is made of. */
    private static final Set<String> RESHUFFLING = Set.of("cohort", "stick-by");

    RouteChange change(List<String> lines, Optional<String> strands) {
        Placement from = new Placement(was);
        Placement to = new Placement(is);
        Optional<String> reshuffle = from.isSplit() || to.isSplit() ? otherBuckets() : Optional.empty();
        Moves.Sorted sorted =
                reshuffle.isPresent() ? Moves.reshuffled(from, to, recent) : Moves.byBucket(from, to, recent);
        return new RouteChange(
                is.id(),
                is.route().squad(),
                RouteChange.Kind.CHANGED,
                lines,
                Optional.of(was.canary()),
                Optional.of(is.canary()),
                new Counted(recent.since(), recent.total()),
                sorted.moves(),
                sorted.expected(),
                reshuffle,
                pilots(from, to),
                strands,
                notes());
    }

    /** Why every user would get another bucket. */
    private Optional<String> otherBuckets() {
        List<String> because = new ArrayList<>();
        RouteKeys.TABLE.differ(was.route(), is.route(), (key, how) -> {
            if (RESHUFFLING.contains(key)) {
                because.add(key + " " + how);
            }
        });
        return because.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", because));
    }

    private List<PilotMove> pilots(Placement from, Placement to) {
        Set<String> pilotsBefore = canonical(was.route());
        Set<String> pilotsAfter = canonical(is.route());
        Set<String> all = new TreeSet<>(pilotsBefore);
        all.addAll(pilotsAfter);
        List<PilotMove> moves = new ArrayList<>();
        for (String key : all) {
            Side then = side(from, pilotsBefore.contains(key), key);
            Side now = side(to, pilotsAfter.contains(key), key);
            if (then != now) {
                moves.add(new PilotMove(key, Bucket.of(is.route().cohort(), key), then, now));
            }
        }
        return moves;
    }

    private static Set<String> canonical(Route route) {
        return route.pilots().stream().map(StickyKey::canonical).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Side side(Placement placement, boolean pilot, String key) {
        return placement.ofPilotOrBucket(
                pilot, Bucket.of(placement.route().route().cohort(), key));
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        after.flags().of(is.id()).canary().ifPresent(flag -> {
            if (!was.route().canary().equals(is.route().canary())) {
                notes.add(flagLiesOver(flag));
            }
        });
        if (is.freeze().isPresent() && !was.canary().equals(is.canary())) {
            notes.add("the route is frozen: its canary has no effect until banyan thaw");
        }
        if (!was.route().match().equals(is.route().match())) {
            notes.add(
                    "its match changes: requests are counted by route, so which of them leave it, or come, cannot be told");
        }
        if (!was.route().pilots().isEmpty() && !is.route().pilots().isEmpty()) {
            notes.add("who is a pilot now and then is at modern already, and does not move with a bucket");
        }
        return notes;
    }

    private String flagLiesOver(Flag<Share> flag) {
        return "the canary of the file has no effect: flag %s lies over it (%s: %s); banyan canary clear %s lifts it"
                .formatted(flag.value(), flag.author(), flag.reason(), is.id());
    }
}
