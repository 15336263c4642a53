package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flags;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A revision as a store keeps it: texts instead of values, so that a store needs no reader of tables.
 *
 * @param baseText the base table as canonical text
 * @param files the last good text of each source file, by name: what a restart compares the directory with
 */
public record StoredRevision(
        long number,
        String digest,
        long parent,
        Instant time,
        String author,
        String reason,
        List<String> changes,
        Optional<Long> pinnedTo,
        String baseText,
        Flags flags,
        SortedMap<String, String> files) {
    public StoredRevision {
        changes = List.copyOf(changes);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
