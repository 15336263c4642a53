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
 * What a revision holds, before it has a number. What is made of another shares with it whatever is equal, so that a change costs by
 * what changed.
 *
 * @param table of no number
 * @param files the last good text of each source file; while pinned, those of before
 */
public record Content(RoutingTable table, Optional<Long> pinnedTo, SortedMap<String, String> files) {
    public Content {
        table = table.numbered(0);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    BaseTable base() {
        return table.base();
    }

    Flags flags() {
        return table.flags();
    }

    RouteFlags flagsOf(String route) {
        return flags().of(route);
    }

    Content with(String route, RouteFlags next) {
        return withFlags(flags().with(route, next));
    }

    Content withFlags(Flags next) {
        return new Content(table.next(0, base(), next), pinnedTo, files);
    }

    /** Whether a revision of the other would say the same; files that differ in their text only do not count. */
    boolean saysTheSameAs(Content other) {
        return base().equals(other.base()) && flags().equals(other.flags()) && pinnedTo.equals(other.pinnedTo);
    }
}
