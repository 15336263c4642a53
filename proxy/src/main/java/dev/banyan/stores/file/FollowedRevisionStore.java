package dev.banyan.stores.file;

import dev.banyan.controlplane.revisions.RevisionStore;
import dev.banyan.controlplane.revisions.StoredRevision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The revisions of a data directory that another process has, read only, and read again whenever that process has stored more. */
public final class FollowedRevisionStore implements RevisionStore {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedRevisionStore.class);
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Path data;
    private final List<Runnable> following = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-followed-store");
        thread.setDaemon(true);
        return thread;
    });

    // Both are touched under the lock only.
    private FileRevisionStore asRead;
    private long sizeRead;

    private FollowedRevisionStore(Path data, FileRevisionStore asRead, long sizeRead) {
        this.data = data;
        this.asRead = asRead;
        this.sizeRead = sizeRead;
    }

    /**
     * Reads all of it before it returns, and goes on looking until it is closed.
     *
     * @throws IOException it cannot be read
     */
    public static FollowedRevisionStore of(Path data) throws IOException {
        // The size first: what is written meanwhile is read again, not missed.
        long size = FileRevisionStore.sizeOf(data);
        FollowedRevisionStore store = new FollowedRevisionStore(data, FileRevisionStore.ofAnotherProcess(data), size);
        ScheduledFuture<?> unused = store.looking.scheduleWithFixedDelay(
                store::look, LOOK_AGAIN_MILLIS, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        return store;
    }

    private void look() {
        try {
            if (readAgain()) {
                following.forEach(Runnable::run);
            }
        } catch (CorruptLogException e) {
            // A record that was being written just now looks so; the next look finds it whole.
            LOG.debug("looked at a log while it was written", e);
        } catch (IOException | RuntimeException e) {
            LOG.warn("could not read what the other process stored; the table before it stays in force", e);
        }
    }

    /** Whether there is a newer revision than before. */
    private synchronized boolean readAgain() throws IOException {
        long size = FileRevisionStore.sizeOf(data);
        if (size == sizeRead) {
            return false;
        }
        FileRevisionStore again = FileRevisionStore.ofAnotherProcess(data);
        long before = asRead.newest();
        asRead.close();
        asRead = again;
        sizeRead = size;
        return again.newest() > before;
    }

    @Override
    public synchronized long newest() {
        return asRead.newest();
    }

    @Override
    public synchronized Optional<StoredRevision> find(long number) throws IOException {
        return asRead.find(number);
    }

    @Override
    public Following follow(Runnable stored) {
        following.add(stored);
        return () -> following.remove(stored);
    }

    @Override
    public Appended append(StoredRevision revision) throws IOException {
        throw new IOException(data + " is in use by another process, which alone stores revisions there");
    }

    @Override
    public void probe() throws IOException {
        throw new IOException(data + " is in use by another process");
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public void close() throws IOException {
        looking.shutdownNow();
        synchronized (this) {
            asRead.close();
        }
    }
}
