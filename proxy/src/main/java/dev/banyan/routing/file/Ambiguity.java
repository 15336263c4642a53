package dev.banyan.routing.file;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds matches of two routes that could both win. What is compared before the conditions (host, path, whether a method is named) either
 * is the same for two matches, or decides between them; so only those in one such group, with as many conditions, are held against
 * each other.
 */
final class Ambiguity {
    private static final int MAX_FINDINGS = 100;

    /** Of the same rank in everything: {@code path} with its names left out. */
    private record Rank(String host, String path, boolean named, int conditions) {
        static Rank of(RequestMatch match) {
            StringBuilder path = new StringBuilder();
            for (PathPattern.Segment segment : match.path().segments()) {
                // No literal holds a brace.
                path.append('/').append(segment instanceof PathPattern.Literal literal ? literal.text() : "{}");
            }
            path.append(match.path().rest() ? "/**" : "");
            return new Rank(
                    match.host().orElse(""),
                    path.toString(),
                    !match.methods().isEmpty(),
                    match.headers().size() + match.query().size());
        }
    }

    private record Placed(RouteContent route, RequestMatch match) {
        String routeId() {
            return route.route().id();
        }
    }

    private Ambiguity() {}

    static List<Finding> in(Collection<RouteContent> routes) {
        Map<Rank, List<Placed>> seen = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (RouteContent route : routes) {
            for (RequestMatch match : route.route().match()) {
                Placed placed = new Placed(route, match);
                List<Placed> peers = seen.computeIfAbsent(Rank.of(match), rank -> new ArrayList<>());
                rival(placed, peers).ifPresent(rival -> findings.add(finding(rival, placed)));
                peers.add(placed);
                if (findings.size() >= MAX_FINDINGS) {
                    return findings;
                }
            }
        }
        return findings;
    }

    /** The first one only: mending that one shows the next. */
    private static Optional<Placed> rival(Placed placed, List<Placed> peers) {
        return peers.stream()
                .filter(peer -> !peer.routeId().equals(placed.routeId()) && bothCanHold(peer.match(), placed.match()))
                .findFirst();
    }

    private static boolean bothCanHold(RequestMatch one, RequestMatch other) {
        boolean methods = one.methods().isEmpty() || one.methods().stream().anyMatch(other.methods()::contains);
        return methods && areCompatible(one.headers(), other.headers()) && areCompatible(one.query(), other.query());
    }

    /** Not if they ask two values of one name. */
    private static boolean areCompatible(List<Condition> some, List<Condition> others) {
        return some.stream()
                .noneMatch(one -> others.stream()
                        .anyMatch(other -> one.name().equals(other.name())
                                && one.value().isPresent()
                                && other.value().isPresent()
                                && !one.value().equals(other.value())));
    }

    private static Finding finding(Placed one, Placed other) {
        return Finding.between(told(other, one), told(one, other), Merging.routeFact(one.routeId()));
    }

    private static Problem told(Placed here, Placed there) {
        return here.route()
                .at(here.match())
                .problem(
                        "match: " + named(here) + " and " + named(there) + " ("
                                + Merging.place(there.route().at(there.match())) + ") could both win",
                        "make one more specific, by path, method, host, headers or query, or remove one");
    }

    private static String named(Placed placed) {
        return Shown.text(placed.match().toString()) + " of route " + placed.routeId();
    }
}
