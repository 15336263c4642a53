package dev.banyan.controlplane.revisions;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store that survives what a test calls a restart, is shared by those who were given it, and fails when it is told to. */
public final class MemoryStore implements RevisionStore {
    private final List<StoredRevision> revisions = new CopyOnWriteArrayList<>();
    private final List<Runnable> following = new CopyOnWriteArrayList<>();
    /** As a full disk does. */
    public volatile boolean failing;

    volatile boolean readOnly;
    /** What nobody has foreseen. */
    volatile @Nullable RuntimeException bug;

    @Override
    public long newest() {
        return revisions.size();
    }

    @Override
    public synchronized Appended append(StoredRevision revision) throws IOException {
        RuntimeException unforeseen = bug;
        if (unforeseen != null) {
            throw unforeseen;
        }
        if (failing) {
            throw new IOException("No space left on device");
        }
        if (revision.number() != newest() + 1) {
            return Appended.CONFLICT;
        }
        revisions.add(revision);
        following.forEach(Runnable::run);
        return Appended.STORED;
    }

    @Override
    public Following follow(Runnable stored) {
        following.add(stored);
        return () -> following.remove(stored);
    }

    @Override
    public void probe() throws IOException {
        if (failing) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public Optional<StoredRevision> find(long number) {
        return number < 1 || number > revisions.size()
                ? Optional.empty()
                : Optional.of(revisions.get((int) number - 1));
    }

    @Override
    public void close() {}
}
