package dev.banyan.controlplane.revisions;

import dev.banyan.routing.RoutingTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One version of the table, as stored before it was put in force.
 *
 * @param number 1 for the first, then without gaps
 * @param digest of the base and the flags together, lower-case hex of SHA-256
 * @param parent the number before it; 0 for the first
 * @param changes one line each, for people: {@code transactions: canary 25% -> 50% (flag)}
 * @param pinnedTo the revision that a rollback pinned the table to, until {@code unpin}; empty: not pinned
 */
public record Revision(
        long number,
        String digest,
        long parent,
        Instant time,
        String author,
        String reason,
        List<String> changes,
        Optional<Long> pinnedTo,
        RoutingTable table) {
    public Revision {
        changes = List.copyOf(changes);
    }
}
