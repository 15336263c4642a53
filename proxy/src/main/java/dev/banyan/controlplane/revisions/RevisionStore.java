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
     * @throws IOException it is not kept; {@link #isReadOnly} says whether a later one may be
     */
    void append(StoredRevision revision) throws IOException;

    /**
     * Whether what could not be kept could be now; keeps nothing. Called by the thread that writes.
     *
     * @throws IOException it could not
     */
    void probe() throws IOException;

    /** Whether it keeps nothing more until a restart, because nobody knows what is on the disk. Never blocks. */
    boolean isReadOnly();

    /** Reads one again; may wait for a disk. */
    Optional<StoredRevision> find(long number) throws IOException;

    @Override
    void close() throws IOException;
}
