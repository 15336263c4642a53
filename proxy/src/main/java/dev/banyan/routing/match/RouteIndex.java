package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestView;
import dev.banyan.routing.Route;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All matches of a table, to be asked which one covers a request. The most specific one wins: host (exact, then {@code *.suffix}, the
 * longest first, then none), then path (segment by segment a literal before a name before {@code /**}), then a named method before
 * any, then the number of header and query conditions.
 *
 * <p>A trie for each host. A search steps back where a more specific branch leads nowhere, so it may go through several branches; but
 * a node's depth fixes the place in the path, so each node is visited at most once, at depth d at most min(2^d, nodes there) of them
 * (twice that for the last segment, which may have a suffix). Only a table with routes for every mix of literals and names costs
 * that; beside each other a thousand routes cost nothing. Immutable.
 */
public final class RouteIndex {
    private final PathRules rules;
    private final PathTrie anyHost;
    private final Map<String, PathTrie> exactHosts;
    /** By the suffix with its dot: {@code .example.com}. */
    private final Map<String, PathTrie> hostSuffixes;

    private final int longestSuffix;

    private RouteIndex(
            PathRules rules, PathTrie anyHost, Map<String, PathTrie> exactHosts, Map<String, PathTrie> hostSuffixes) {
        this.rules = rules;
        this.anyHost = anyHost;
        this.exactHosts = exactHosts;
        this.hostSuffixes = hostSuffixes;
        this.longestSuffix =
                hostSuffixes.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    public static RouteIndex of(Collection<Route> routes, PathRules rules) {
        PathTrie.Builder anyHost = new PathTrie.Builder();
        Map<String, PathTrie.Builder> exact = new HashMap<>();
        Map<String, PathTrie.Builder> suffixes = new HashMap<>();
        for (Route route : routes) {
            for (RequestMatch match : route.match()) {
                trieFor(match, anyHost, exact, suffixes).add(new Entry(route, match, rules));
            }
        }
        return new RouteIndex(rules, anyHost.build(), built(exact), built(suffixes));
    }

    private static PathTrie.Builder trieFor(
            RequestMatch match,
            PathTrie.Builder anyHost,
            Map<String, PathTrie.Builder> exact,
            Map<String, PathTrie.Builder> suffixes) {
        if (match.host().isEmpty()) {
            return anyHost;
        }
        String host = match.host().get();
        return host.startsWith("*.")
                ? suffixes.computeIfAbsent(host.substring(1), suffix -> new PathTrie.Builder())
                : exact.computeIfAbsent(host, name -> new PathTrie.Builder());
    }

    private static Map<String, PathTrie> built(Map<String, PathTrie.Builder> tries) {
        Map<String, PathTrie> built = new HashMap<>();
        tries.forEach((host, trie) -> built.put(host, trie.build()));
        return built;
    }

    /**
     * The route that covers the request, or null.
     *
     * @param method the effective one; may be another than the request has, to see what it could reach
     * @param normalPath of {@link NormalPath}
     * @param considered null unless somebody wants to know what else could have been
     */
    public @Nullable Found find(
            String method, String normalPath, RequestView request, @Nullable Considered considered) {
        Search search = new Search(rules, method, normalPath, request, considered);
        if (!exactHosts.isEmpty()) {
            PathTrie trie = exactHosts.get(request.host());
            if (trie != null && search.in(trie)) {
                return search.found();
            }
        }
        if (!hostSuffixes.isEmpty() && inHostSuffixes(request.host(), search)) {
            return search.found();
        }
        search.in(anyHost);
        return search.found();
    }

    private boolean inHostSuffixes(String host, Search search) {
        int first = Math.max(1, host.length() - longestSuffix);
        for (int dot = host.indexOf('.', first); dot > 0; dot = host.indexOf('.', dot + 1)) {
            PathTrie trie = hostSuffixes.get(host.substring(dot));
            if (trie != null && search.in(trie)) {
                return true;
            }
        }
        return false;
    }
}
