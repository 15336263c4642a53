package dev.banyan.controlplane.revisions;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store that survives what a test calls a restart, and fails when it is told to. */
final class MemoryStore implements RevisionStore {
    private final List<StoredRevision> revisions = new CopyOnWriteArrayList<>();
    volatile boolean failing;
    volatile boolean readOnly;
    /** What nobody has foreseen. */
    volatile @Nullable RuntimeException bug;

    @Override
    public long newest() {
        return revisions.size();
    }

    @Override
    public void append(StoredRevision revision) throws IOException {
        RuntimeException unforeseen = bug;
        if (unforeseen != null) {
            throw unforeseen;
        }
        if (failing) {
            throw new IOException("No space left on device");
        }
        revisions.add(revision);
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
