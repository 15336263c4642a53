package dev.banyan.routing;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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

    /** The same table; what is equal in the other is the same object in both, and if all is, the other itself. */
    BaseTable sharing(BaseTable other) {
        if (equals(other)) {
            return other;
        }
        return new BaseTable(paths, defaultUpstream, shared(upstreams, other.upstreams), shared(routes, other.routes));
    }

    private static <T> SortedMap<String, T> shared(SortedMap<String, T> own, SortedMap<String, T> others) {
        SortedMap<String, T> shared = new TreeMap<>(own);
        others.forEach((id, other) -> shared.computeIfPresent(id, (same, mine) -> mine.equals(other) ? other : mine));
        return shared;
    }

    /** The files of CAs that it names, each once. */
    public Set<Path> authorities() {
        Set<Path> files = new TreeSet<>();
        upstreams.values().forEach(upstream -> upstream.tls().ca().ifPresent(files::add));
        return files;
    }
}
