package dev.banyan.controlplane.revisions;

import java.io.IOException;
import java.util.Optional;

/**
 * Where revisions are kept for good: by one process on one disk, by a process that waits to take over, or by replicas that share one.
 * Written by one thread of each process, read by any.
 */
public interface RevisionStore extends AutoCloseable {

    /** The number of the last one, as far as is known here; 0 if there is none. Never blocks. */
    long newest();

    /** What came of an append. */
    enum Appended {
        /** It is kept, and durable. */
        STORED,
        /** Somebody else stored a revision of that number before. It is not kept; {@link #newest} tells of the other. */
        CONFLICT
    }

    /**
     * Keeps one more, if nobody stored another in between.
     *
     * @param revision its number is one more than that of the revision it was made from
     * @throws IOException it is not kept; {@link #isReadOnly} says whether a later one may be
     */
    Appended append(StoredRevision revision) throws IOException;

    /** Reads one again; may wait for a disk. */
    Optional<StoredRevision> find(long number) throws IOException;

    /**
     * Tells when others have stored more. Where nobody else can, it never does.
     *
     * @param stored run on a thread of the store once {@link #newest} has gone up by another's doing; must not wait
     * @return ends it
     */
    Following follow(Runnable stored);

    /** Ends with {@link #close}. */
    @FunctionalInterface
    interface Following extends AutoCloseable {
        /** Nobody else can store anything. */
        Following NOTHING = () -> {};

        @Override
        void close();
    }

    /**
     * Whether what could not be kept could be now; keeps nothing. Called by the thread that writes.
     *
     * @throws IOException it could not
     */
    void probe() throws IOException;

    /** Whether it keeps nothing more until a restart, because nobody knows what is on the disk. Never blocks. */
    boolean isReadOnly();

    @Override
    void close() throws IOException;
}
