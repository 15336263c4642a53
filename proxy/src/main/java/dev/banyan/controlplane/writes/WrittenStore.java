package dev.banyan.controlplane.writes;

import dev.banyan.contract.WriteGates.Written;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps what modern has taken, over restarts. Called by one thread at a time. */
public interface WrittenStore {

    /** Empty: nothing was ever kept, or it cannot be read, which is logged: nobody should wait for a count to be served. */
    Optional<Kept> read();

    /** Replaces what was kept. */
    void write(Kept kept) throws IOException;

    /**
     * All counts at one time.
     *
     * @param whole nothing was counted after it: written by a clean stop
     * @param revision the last that it knows of
     * @param routes those whose data modern owns
     */
    record Kept(boolean whole, long revision, SortedMap<String, Period> routes) {
        public Kept {
            routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
        }
    }

    /**
     * The time since modern owns the data of one route.
     *
     * @param exact false: more may have been written
     */
    record Period(long sinceRevision, Instant since, boolean exact, Written written) {

        Period inexact() {
            return new Period(sinceRevision, since, false, written);
        }

        Period and(Written more) {
            return new Period(sinceRevision, since, exact, written.plus(more));
        }
    }
}
