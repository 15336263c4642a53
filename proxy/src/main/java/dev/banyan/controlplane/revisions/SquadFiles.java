package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.util.SortedMap;

/** The files that squads write, wherever they lie. A port; its name, for messages, is its {@code toString}. */
public interface SquadFiles {

    /**
     * All of them as they are now; blocks.
     *
     * @param inForce text by name, as {@link RoutesDirectory#read(java.nio.file.Path, SortedMap)}
     */
    RoutesDirectory.Contents read(SortedMap<String, String> inForce);

    /**
     * Wakes somebody as soon as any may have changed, until it is closed. It may miss changes: who must know looks now and then.
     *
     * @throws IOException they cannot be watched
     */
    AutoCloseable watch(Runnable wake) throws IOException;
}
