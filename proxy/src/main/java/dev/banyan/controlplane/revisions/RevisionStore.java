package dev.banyan.controlplane.revisions;

import java.io.IOException;
import java.util.Optional;

/** Where revisions are kept for good. Written by one thread, read by any. */
public interface RevisionStore extends AutoCloseable {

    /** The number of the last one; 0 if there is none. */
    long newest();

    /**
     * Keeps one more. It is durable when this returns.
     *
     * @param revision its number is {@link #newest()} + 1
     * @throws IOException it is not kept, and no later one will be until a restart
     */
    void append(StoredRevision revision) throws IOException;

    /** Reads one again; may wait for a disk. */
    Optional<StoredRevision> find(long number) throws IOException;

    @Override
    void close() throws IOException;
}
