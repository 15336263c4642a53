package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Methods;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which writes a change strands: modern took them, and after the change users would be answered by legacy, which knows nothing of them.
 *
 * <p>A table cannot tell whether anything was written yet, so it is taken for granted from the moment modern owns the data.
 */
final class Stranding {
    private final StrandedWrites asked;
    private final TakenByModern taken;

    Stranding(StrandedWrites asked, TakenByModern taken) {
        this.asked = asked;
        this.taken = taken;
    }

    /** Goes on to {@code after}, or refuses because that strands writes nobody has accepted; either way says how many. */
    Step step(Content before, Content after, List<String> notes) {
        SortedMap<String, String> routes = between(before.table(), after.table());
        if (routes.isEmpty()) {
            return Step.next(after, notes);
        }
        if (asked == StrandedWrites.ACCEPT) {
            List<String> all = new ArrayList<>(notes);
            routes.keySet().forEach(route -> all.add(route + ": " + cost(route)));
            return Step.next(after, all);
        }
        List<String> what = new ArrayList<>();
        told(before.table(), after.table()).forEach((route, how) -> what.add(route + ": " + how));
        return Step.no(Outcome.Why.STRANDS_WRITES, String.join("; ", what), fix(routes.firstKey(), after));
    }

    private static String fix(String route, Content after) {
        return after.flagsOf(route).owner().equals(Optional.of(Side.LEGACY))
                ? "say --accept-stranded-writes if its users may do without what modern took"
                : fix(route) + ", or accept it here with --accept-stranded-writes";
    }

    /** As {@link #between}, with how much it is. */
    SortedMap<String, String> told(RoutingTable before, RoutingTable after) {
        SortedMap<String, String> told = between(before, after);
        told.replaceAll((route, how) -> how + "; " + cost(route));
        return told;
    }

    /** How much there is to strand, as far as anybody counts. */
    String cost(String route) {
        return "strands "
                + taken.of(route).map(TakenByModern.Taken::words).orElse("what modern took, which nobody has counted");
    }

    /** By route, what would happen. Empty: nothing is stranded. */
    static SortedMap<String, String> between(RoutingTable before, RoutingTable after) {
        SortedMap<String, String> stranded = new TreeMap<>();
        HeldByModern heldAfter = new HeldByModern(after);
        for (RouteInForce was : before.routes().values()) {
            if (modernHoldsTheData(was)) {
                strands(was, after, heldAfter).ifPresent(what -> stranded.put(was.id(), what));
            }
        }
        return stranded;
    }

    /** What to do instead, for one route. */
    static String fix(String route) {
        return "leave its readers at modern, or take the writes back first with banyan writes move " + route
                + " legacy --accept-stranded-writes";
    }

    private static boolean modernHoldsTheData(RouteInForce route) {
        if (route.owner().isPresent()) {
            return route.owner().get() == Side.MODERN;
        }
        return isComplete(route.route())
                && route.route().coversUnsafe()
                && route.route().writes().filter(Route.Writes.EITHER::equals).isEmpty();
    }

    private static Optional<String> strands(RouteInForce was, RoutingTable after, HeldByModern heldAfter) {
        RouteInForce is = after.routes().get(was.id());
        if (is == null) {
            // A complete route that goes is the end of an endpoint: there is no legacy code that would answer instead.
            return isComplete(was.route())
                            || unsafeMatches(was.route()).stream().allMatch(heldAfter.matches()::contains)
                    ? Optional.empty()
                    : Optional.of("the route would go, and with it the way to what modern took");
        }
        if (is.owner().filter(Side.LEGACY::equals).isPresent()) {
            return Optional.of("its writes would go to legacy, which does not know what modern took");
        }
        Share readers = readersAtModern(was);
        Share left = readersAtModern(is);
        return left.compareTo(readers) >= 0
                ? Optional.empty()
                : Optional.of("canary %s -> %s would send readers to legacy, which does not know what modern took"
                        .formatted(readers, left));
    }

    private static Share readersAtModern(RouteInForce route) {
        if (route.route().modern().isEmpty()) {
            return Share.NONE;
        }
        return isComplete(route.route()) ? Share.ALL : route.canary();
    }

    private static boolean isComplete(Route route) {
        return route.legacy().isEmpty();
    }

    /** The unsafe matches whose data modern holds. Most changes take no route away, and never ask. */
    private static final class HeldByModern {
        private final RoutingTable table;
        private @Nullable Set<RequestMatch> matches;

        HeldByModern(RoutingTable table) {
            this.table = table;
        }

        Set<RequestMatch> matches() {
            Set<RequestMatch> known = matches;
            if (known == null) {
                known = new HashSet<>();
                for (RouteInForce route : table.routes().values()) {
                    if (modernHoldsTheData(route)) {
                        known.addAll(unsafeMatches(route.route()));
                    }
                }
                matches = known;
            }
            return known;
        }
    }

    /** One match a method, so that a route may be renamed, split or joined. */
    private static Set<RequestMatch> unsafeMatches(Route route) {
        Set<RequestMatch> matches = new HashSet<>();
        for (RequestMatch match : route.match()) {
            if (match.methods().isEmpty()) {
                matches.add(match);
            }
            for (String method : match.methods()) {
                if (!Methods.isSafe(method)) {
                    matches.add(new RequestMatch(
                            Set.of(method), match.path(), match.host(), match.headers(), match.query()));
                }
            }
        }
        return matches;
    }
}
