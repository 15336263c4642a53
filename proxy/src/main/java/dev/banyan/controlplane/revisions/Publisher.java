package dev.banyan.controlplane.revisions;

import dev.banyan.contract.Heartbeats;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.file.FileReadings;
import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one change after the other, on one thread: the {@link TableHistory} says what comes of each.
 */
public final class Publisher implements Revisions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long BEAT_MILLIS = 500;
    private static final Duration LOOK_FOR_ROOM = Duration.ofSeconds(2);

    private final TableHistory history;
    private final Source source;
    private final TakenByModern taken;
    private final Clock clock;
    private final SourceFiles sourceFiles = new SourceFiles();
    private final FileReadings readings = new FileReadings();
    private final ScheduledExecutorService writer;
    private final RevisionStore.Following following;

    /** Touched by the writer thread only. */
    private boolean looking;

    private Publisher(
            TableHistory history,
            Source source,
            TakenByModern taken,
            Clock clock,
            ScheduledExecutorService writer,
            RevisionStore.Following following) {
        this.history = history;
        this.source = source;
        this.taken = taken;
        this.clock = clock;
        this.writer = writer;
        this.following = following;
    }

    /** Over {@code source: files}, where nobody counts what modern takes. */
    public static Publisher start(RevisionStore store, Consumer<RoutingTable> inForce, Clock clock) throws IOException {
        return start(store, Source.FILES, TakenByModern.UNCOUNTED, inForce, clock);
    }

    /**
     * Puts the last stored revision in force, if there is one, before it returns.
     *
     * @param taken how much a change strands, where it strands anything
     * @param inForce told of each table on the writer thread, before anybody is told that it is in force; must not throw
     * @throws IOException the store cannot be read
     */
    public static Publisher start(
            RevisionStore store, Source source, TakenByModern taken, Consumer<RoutingTable> inForce, Clock clock)
            throws IOException {
        TableHistory history = TableHistory.start(store, inForce);
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "banyan-revisions");
            thread.setDaemon(true);
            return thread;
        });
        RevisionStore.Following following = store.follow(() -> writer.execute(() -> catchUp(history)));
        return new Publisher(history, source, taken, clock, writer, following);
    }

    private static void catchUp(TableHistory history) {
        try {
            history.catchUp();
        } catch (RuntimeException e) {
            LOG.error("could not put in force what others have stored; the table in force goes on", e);
        }
    }

    /** Lets it be noticed when the writer thread stands still. A slow disk is no reason: a change is stored before it is told. */
    public void watchedBy(Heartbeats heartbeats) {
        ScheduledFuture<?> unused = writer.scheduleWithFixedDelay(
                heartbeats.of("the revision thread", PATIENCE), 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Revision current() {
        return history.current();
    }

    @Override
    public Optional<String> notReady() {
        return history.notReady();
    }

    @Override
    public List<Revision> history(long before, int limit) {
        return history.stored().page(before, limit);
    }

    @Override
    public Optional<Revision> find(long number) {
        return history.stored().find(number);
    }

    @Override
    public void onPublished(Consumer<Revision> listener) {
        history.onPublished(listener);
    }

    @Override
    public FilesStatus files() {
        return sourceFiles.status();
    }

    @Override
    public Optional<NotKept> notKept() {
        return history.notKept();
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public Prospect plan(SortedMap<String, String> files) {
        // On the caller's thread: a large table must not keep the writer from a freeze.
        TableHistory.Present present = history.present();
        return Prospect.of(present.revision(), present.content(), files, new Stranding(StrandedWrites.REFUSE, taken));
    }

    @Override
    public CompletionStage<Outcome> submit(Change change, Cause cause, Precondition precondition) {
        if (change instanceof ApplyFiles && source == Source.FILES) {
            return CompletableFuture.completedFuture(new Outcome.Refused(
                    Outcome.Why.SOURCE_IS_FILES,
                    "the base of the table is the watched directory (source: files)",
                    "save the files there, which is in force within 2 s; or run the proxy with --source api"));
        }
        return write(() -> make(change, cause, precondition));
    }

    /** Takes what the directory says as a whole or not at all, if nothing is in force yet: {@code source: api} at its first start. */
    CompletionStage<Outcome> seed(RoutesDirectory.Listed listed, Cause cause) {
        return write(() -> make(new ApplyFiles(listed), cause, new Precondition.TableIs(0)));
    }

    /** Takes what the watched directory says now, as far as it is good; the rest is held back, or waits while the table is pinned. */
    public CompletionStage<Outcome> takeFiles(RoutesDirectory.Listed listed, Cause cause) {
        return write(() -> {
            sourceFiles.seen(listed);
            return make(new TakeFiles(listed), cause, Precondition.NONE);
        });
    }

    @Override
    public CompletionStage<Optional<Outcome>> preview(Change change, Cause cause, Precondition precondition) {
        return CompletableFuture.supplyAsync(
                () -> notReadyFor(change)
                        .map(Optional::of)
                        .orElseGet(() -> history.preview(change, moment(cause), precondition)),
                writer);
    }

    private Outcome make(Change change, Cause cause, Precondition precondition) {
        Optional<Outcome> notReady = notReadyFor(change);
        if (notReady.isPresent()) {
            return notReady.get();
        }
        TableHistory.Made made = history.publish(change, moment(cause), precondition);
        // What files show is what was stored: one that could not be is as it was before.
        made.files().ifPresent(sourceFiles::show);
        return made.outcome();
    }

    private Moment moment(Cause cause) {
        return new Moment(clock.instant(), cause, taken, history.stored(), sourceFiles.onDisk(), readings);
    }

    /** Says why there is nothing to begin with, as long as there is no table. */
    void nothingToSeed(String why) {
        write(() -> {
            history.notReadyBecause(why);
            return new Outcome.Unchanged(history.current());
        });
    }

    /**
     * Says why nothing is taken from the watched directory.
     *
     * @param why empty: it is taken again
     */
    void filesNotTaken(Optional<String> why) {
        write(() -> {
            why.ifPresent(history::notReadyBecause);
            sourceFiles.notTaken(why);
            return new Outcome.Unchanged(history.current());
        });
    }

    /** Text by name, as last taken; what is in force while the table is not pinned. */
    SortedMap<String, String> lastGoodFiles() {
        return history.present().content().files();
    }

    private Optional<Outcome> notReadyFor(Change change) {
        if (change.canBeFirst() || history.current().number() > 0) {
            return Optional.empty();
        }
        return Optional.of(new Outcome.Refused(
                Outcome.Why.NOT_READY,
                "there is no table yet: " + history.notReady().orElse("starting"),
                "give it routing files without problems"));
    }

    private CompletionStage<Outcome> write(Supplier<Outcome> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Outcome outcome = work.get();
                    if (outcome instanceof Outcome.Refused refused && refused.why() == Outcome.Why.STORE_FAILED) {
                        lookForRoomSoon();
                    }
                    return outcome;
                },
                writer);
    }

    /** On the writer thread: looks again every few seconds, until the store keeps revisions or there is no hope without a restart. */
    private void lookForRoomSoon() {
        if (!looking && history.waitsForRoom()) {
            looking = true;
            ScheduledFuture<?> unused =
                    writer.schedule(this::lookForRoom, LOOK_FOR_ROOM.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookForRoom() {
        looking = false;
        if (history.waitsForRoom()) {
            history.lookForRoom();
            lookForRoomSoon();
        }
    }

    /** Finishes what was asked for before; takes nothing more. Does not close the store. */
    @Override
    public void close() {
        following.close();
        writer.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (writer.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
