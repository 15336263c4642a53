package dev.banyan.controlplane.revisions;

import dev.banyan.routing.RoutingTable;
import java.io.IOException;
import java.util.Optional;

/** The table that a store would put in force at a start. */
public final class LastTable {
    private LastTable() {}

    /** Empty: the store is. */
    public static Optional<RoutingTable> of(RevisionStore store) throws IOException {
        History history = new History(store);
        return store.find(store.newest()).map(history::table);
    }
}
