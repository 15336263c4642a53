package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.RoutesDirectory;
import java.util.Collections;

/** {@code source: api}: the directory only seeds an empty store, and is not looked at again. */
public final class SeedFiles {
    private static final String NOTHING = "the store is empty, and there is nothing to begin with: ";
    private static final String FIX = "; or run banyan apply DIR";

    private SeedFiles() {}

    /** Takes the files, all or none, before it returns; does nothing if there is a revision already. */
    public static void sow(SquadFiles directory, Publisher publisher) {
        if (publisher.current().number() > 0) {
            return;
        }
        RoutesDirectory.Contents contents = directory.read(Collections.emptySortedMap());
        if (contents instanceof RoutesDirectory.Listed listed && isEmpty(listed)) {
            publisher.nothingToSeed(NOTHING + directory + " has no *.yaml" + FIX);
        } else if (contents instanceof RoutesDirectory.Listed listed) {
            publisher.seed(listed, new Cause("start", "")).toCompletableFuture().join();
        } else if (contents instanceof RoutesDirectory.NotListed notListed) {
            publisher.nothingToSeed(NOTHING + notListed.problem() + FIX);
        }
    }

    private static boolean isEmpty(RoutesDirectory.Listed listed) {
        return listed.files().isEmpty() && listed.unreadable().isEmpty();
    }
}
