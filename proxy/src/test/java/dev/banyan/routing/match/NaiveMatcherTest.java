package dev.banyan.routing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathPattern.Literal;
import dev.banyan.routing.PathPattern.Segment;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.Tables;
import dev.banyan.routing.decide.RequestLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The index finds what somebody would who tried every match in turn and kept the most specific. */
class NaiveMatcherTest {
    private static final int NAME = 1_000;
    private static final int REST = 1_001;

    private static final List<String> WORDS = List.of("a", "b", "a.b", "b.json");

    @Property(tries = 1000)
    void the_index_agrees_with_a_naive_matcher(
            @ForAll("tables") List<RequestMatch> matches,
            @ForAll("requests") List<RequestLine> requests,
            @ForAll PathRules rules) {
        List<Route> routes = routes(matches);
        RouteIndex index = RouteIndex.of(routes, rules);

        for (RequestLine request : requests) {
            Found found = index.find(request.method(), request.rawPath(), request, null);
            assertThat(found == null ? null : found.route().id())
                    .as("%s among %s", request, matches)
                    .isEqualTo(naive(routes, request, rules));
            assertThat(index.find(request.method(), request.rawPath(), request, (route, match, why) -> {}))
                    .as("explaining changes nothing")
                    .isEqualTo(found);
        }
    }

    private static List<Route> routes(List<RequestMatch> matches) {
        List<Route> routes = new ArrayList<>();
        for (RequestMatch match : matches) {
            routes.add(Tables.route("r" + (100 + routes.size())).and(match).route());
        }
        return routes;
    }

    /** One way to read a request by one match; the ranks are compared from the left, less is more specific. */
    private record Candidate(String id, List<Integer> ranks) {}

    private static @Nullable String naive(List<Route> routes, RequestLine request, PathRules rules) {
        List<Candidate> candidates = new ArrayList<>();
        for (Route route : routes) {
            RequestMatch match = route.match().get(0);
            for (int methodRank : methodRank(match, request.method(), rules)) {
                for (List<Integer> pathRanks : pathRanks(match.path(), request.rawPath(), rules)) {
                    hostRank(match, request.host()).ifPresent(hostRank -> {
                        List<Integer> ranks = new ArrayList<>(List.of(hostRank));
                        ranks.addAll(pathRanks);
                        ranks.add(methodRank);
                        candidates.add(new Candidate(route.id(), ranks));
                    });
                }
            }
        }
        return candidates.stream()
                .min(Comparator.comparing(Candidate::ranks, NaiveMatcherTest::compare)
                        .thenComparing(Candidate::id))
                .map(Candidate::id)
                .orElse(null);
    }

    private static int compare(List<Integer> one, List<Integer> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int difference = Integer.compare(one.get(i), other.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static Optional<Integer> hostRank(RequestMatch match, String host) {
        if (match.host().isEmpty()) {
            return Optional.of(1000);
        }
        String wanted = match.host().get();
        if (wanted.startsWith("*.")) {
            return host.endsWith(wanted.substring(1)) && host.length() >= wanted.length()
                    ? Optional.of(500 - wanted.length())
                    : Optional.empty();
        }
        return wanted.equals(host) ? Optional.of(0) : Optional.empty();
    }

    private static List<Integer> methodRank(RequestMatch match, String method, PathRules rules) {
        if (match.methods().contains(method)) {
            return List.of(0);
        }
        if (rules == PathRules.RAILS && method.equals("HEAD") && match.methods().contains("GET")) {
            return List.of(1);
        }
        return match.methods().isEmpty() ? List.of(2) : List.of();
    }

    private static List<List<Integer>> pathRanks(PathPattern pattern, String path, PathRules rules) {
        String cut = rules == PathRules.RAILS && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        List<String> segments = cut.isEmpty() || cut.equals("/")
                ? List.of()
                : List.of(cut.substring(1).split("/", -1));
        List<List<Integer>> ways = new ArrayList<>();
        ranks(pattern, segments, rules == PathRules.RAILS).ifPresent(ways::add);
        return ways;
    }

    /** Per segment: a literal as it stands 0, one before a suffix the more the longer that is, a name, and where the rest begins. */
    private static Optional<List<Integer>> ranks(PathPattern pattern, List<String> path, boolean rails) {
        List<Integer> ranks = new ArrayList<>();
        List<Segment> segments = pattern.segments();
        if (path.size() < segments.size() || (path.size() > segments.size() && !pattern.rest())) {
            return Optional.empty();
        }
        for (int i = 0; i < segments.size(); i++) {
            String text = path.get(i);
            if (segments.get(i) instanceof Literal literal) {
                boolean suffixed = rails && i == path.size() - 1 && text.startsWith(literal.text() + ".");
                if (!literal.text().equals(text) && !suffixed) {
                    return Optional.empty();
                }
                // What is left over: the longest literal is the most specific.
                ranks.add(text.length() - literal.text().length());
            } else if (text.isEmpty()) {
                return Optional.empty();
            } else {
                ranks.add(NAME);
            }
        }
        ranks.add(pattern.rest() ? REST : -1);
        return Optional.of(ranks);
    }

    @Provide
    Arbitrary<List<RequestMatch>> tables() {
        Arbitrary<PathPattern> patterns = Combinators.combine(
                        Arbitraries.of("{x}", "{y}", "a", "b", "b.json", "a.b")
                                .list()
                                .ofMaxSize(4),
                        Arbitraries.of(true, false))
                .as((segments, rest) -> Tables.pattern("/" + String.join("/", segments) + (rest ? "/**" : "")));
        Arbitrary<Set<String>> methods = Arbitraries.of(Set.of(), Set.of("GET"), Set.of("HEAD"), Set.of("GET", "POST"));
        Arbitrary<Optional<String>> hosts = Arbitraries.of(
                Optional.empty(), Optional.empty(), Optional.of("x.y.z"), Optional.of("*.y.z"), Optional.of("*.z"));
        return Combinators.combine(patterns, methods, hosts)
                .as((pattern, some, host) -> new RequestMatch(some, pattern, host, List.of(), List.of()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(NaiveMatcherTest::withoutEquals);
    }

    /** Two matches that could both win are an error in a file, so no table has them. */
    private static List<RequestMatch> withoutEquals(List<RequestMatch> matches) {
        return List.copyOf(matches.stream()
                .collect(Collectors.toMap(
                        match -> match.host() + match.path().toString().replaceAll("\\{.\\}", "{}") + match.methods(),
                        match -> match,
                        (one, other) -> one))
                .values());
    }

    @Provide
    Arbitrary<List<RequestLine>> requests() {
        Arbitrary<String> paths = Combinators.combine(
                        Arbitraries.of(WORDS).list().ofMaxSize(5), Arbitraries.of("", "", "/", ".json", ".b"))
                .as((segments, end) -> segments.isEmpty() ? "/" : "/" + String.join("/", segments) + end);
        return Combinators.combine(
                        paths, Arbitraries.of("GET", "HEAD", "POST"), Arbitraries.of("x.y.z", "w.y.z", "y.z", "q"))
                .as((path, method, host) -> RequestLine.parse(method + " http://" + host + path))
                .list()
                .ofMinSize(5)
                .ofMaxSize(20);
    }
}
