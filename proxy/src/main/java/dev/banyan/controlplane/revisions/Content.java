package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a revision holds, before it has a number.
 *
 * @param files the last good text of each source file; while pinned, those of before
 */
public record Content(BaseTable base, Flags flags, Optional<Long> pinnedTo, SortedMap<String, String> files) {
    public Content {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** As that revision. */
    public RoutingTable table(long revision) {
        return RoutingTable.of(revision, base, flags);
    }

    RouteFlags flagsOf(String route) {
        return flags.of(route);
    }

    Content with(String route, RouteFlags next) {
        return withFlags(flags.with(route, next));
    }

    Content withFlags(Flags next) {
        return new Content(base, next, pinnedTo, files);
    }

    /** Whether a revision of the other would say the same; files that differ in their text only do not count. */
    boolean saysTheSameAs(Content other) {
        return base.equals(other.base) && flags.equals(other.flags) && pinnedTo.equals(other.pinnedTo);
    }
}
