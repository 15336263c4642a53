package dev.banyan.routing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the files say together: one merged table, before flags.
 *
 * @param defaultUpstream id of the upstream that everything unmatched goes to
 */
public record BaseTable(
        PathRules paths,
        String defaultUpstream,
        SortedMap<String, Upstream> upstreams,
        SortedMap<String, Route> routes) {
    public BaseTable {
        upstreams = Collections.unmodifiableSortedMap(new TreeMap<>(upstreams));
        routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }
}
