package dev.banyan.app;

import dev.banyan.controlplane.revisions.LastTable;
import dev.banyan.controlplane.revisions.RevisionStore;
import dev.banyan.routing.RoutingTable;
import dev.banyan.stores.file.DataDirectoryInUseException;
import dev.banyan.stores.file.FileRevisionStore;
import dev.banyan.stores.file.FollowedRevisionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a data directory that another process still has, and follows that process's table meanwhile, so that a change which it
 * acknowledges is in force here too.
 */
final class TakeOver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Path data;
    private final RevisionStore theirs;
    private final Consumer<RoutingTable> follow;
    private final Start start;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-take-over");
        thread.setDaemon(true);
        return thread;
    });

    /** The number of their revision that is in force here; touched by the looking thread once there is one. */
    private long followed;

    /** Begins what needs the directory. */
    interface Start {
        /** Takes ownership of the store. */
        void with(RevisionStore store) throws IOException;
    }

    private TakeOver(Path data, RevisionStore theirs, Consumer<RoutingTable> follow, Start start) {
        this.data = data;
        this.theirs = theirs;
        this.follow = follow;
        this.start = start;
    }

    /**
     * Puts the other process's newest table in force before it returns.
     *
     * @throws IOException it cannot be read, or there is none yet
     */
    static TakeOver begin(Path data, Consumer<RoutingTable> follow, Start start) throws IOException {
        RevisionStore theirs = FollowedRevisionStore.of(data);
        Optional<RoutingTable> first = LastTable.of(theirs);
        if (first.isEmpty()) {
            theirs.close();
            throw new IOException(
                    data + " is in use by a process that has no table yet; fix: wait until it serves, or stop it");
        }
        follow.accept(first.get());
        TakeOver waiting = new TakeOver(data, theirs, follow, start);
        waiting.followed = first.get().revision();
        theirs.follow(waiting::followSoon);
        // What was stored while the first one was read was told to nobody.
        waiting.followSoon();
        ScheduledFuture<?> unused = waiting.looking.scheduleWithFixedDelay(
                waiting::look, LOOK_AGAIN_MILLIS, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        return waiting;
    }

    private void look() {
        try {
            RevisionStore store = FileRevisionStore.open(data);
            looking.shutdown();
            theirs.close();
            start.with(store);
            LOG.info("took the data directory over data={}", data);
        } catch (DataDirectoryInUseException e) {
            LOG.debug("the other process still has it", e);
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "could not take the data directory over; the table in force stays, and nothing can be changed", e);
        }
    }

    /** On one thread with the taking over, so that no table of theirs comes after one of ours. */
    private void followSoon() {
        try {
            looking.execute(this::followNewest);
        } catch (RejectedExecutionException e) {
            LOG.debug("taken over, or closed, while the other process stored a revision", e);
        }
    }

    private void followNewest() {
        try {
            Optional<RoutingTable> last = theirs.newest() > followed ? LastTable.of(theirs) : Optional.empty();
            last.ifPresent(table -> {
                follow.accept(table);
                followed = table.revision();
            });
        } catch (IOException | RuntimeException e) {
            LOG.warn("could not read the other process's table; the one before it stays in force", e);
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
        try {
            // What it is just starting must be there to be closed.
            if (!looking.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("taking over did not end in time");
            }
            theirs.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("could not close the other process's store", e);
        }
    }
}
