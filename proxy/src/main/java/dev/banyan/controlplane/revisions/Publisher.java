package dev.banyan.controlplane.revisions;

import dev.banyan.contract.Heartbeats;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.file.Acceptance;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.TableText;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes what is asked for, one after the other, on one thread: makes a {@link Change} of it and hands it to the {@link TableHistory}.
 */
public final class Publisher implements Revisions, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long BEAT_MILLIS = 500;
    private static final Duration LOOK_FOR_ROOM = Duration.ofSeconds(2);

    private final TableHistory history;
    private final Source source;
    private final TakenByModern taken;
    private final Clock clock;
    private final SourceFiles sourceFiles = new SourceFiles();
    private final ScheduledExecutorService writer;

    /** Touched by the writer thread only. */
    private boolean looking;

    private Publisher(
            TableHistory history, Source source, TakenByModern taken, Clock clock, ScheduledExecutorService writer) {
        this.history = history;
        this.source = source;
        this.taken = taken;
        this.clock = clock;
        this.writer = writer;
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
        return new Publisher(history, source, taken, clock, writer);
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
    public CompletionStage<Outcome> setCanary(
            String route, Share share, StrandedWrites stranded, Cause cause, Precondition precondition) {
        return submit(
                Optional.of(route),
                cause,
                precondition,
                now -> new CanaryChange(route, Optional.of(flag(share, cause, now)), stranding(stranded)));
    }

    @Override
    public CompletionStage<Outcome> clearCanary(
            String route, StrandedWrites stranded, Cause cause, Precondition precondition) {
        return submit(
                Optional.of(route),
                cause,
                precondition,
                now -> new CanaryChange(route, Optional.empty(), stranding(stranded)));
    }

    @Override
    public CompletionStage<Outcome> setShadow(String route, Share share, Cause cause, Precondition precondition) {
        return submit(
                Optional.of(route),
                cause,
                precondition,
                now -> new ShadowChange(route, Optional.of(flag(share, cause, now))));
    }

    @Override
    public CompletionStage<Outcome> clearShadow(String route, Cause cause, Precondition precondition) {
        return submit(Optional.of(route), cause, precondition, now -> new ShadowChange(route, Optional.empty()));
    }

    @Override
    public CompletionStage<Outcome> freeze(
            Optional<String> route, boolean withWrites, Cause cause, Precondition precondition) {
        return submit(
                route,
                cause,
                precondition,
                now -> new FreezeChange(
                        route, flag(new Freeze(withWrites), cause, now), stranding(StrandedWrites.REFUSE)));
    }

    @Override
    public CompletionStage<Outcome> thaw(Optional<String> route, Cause cause, Precondition precondition) {
        return submit(route, cause, precondition, now -> new ThawChange(route));
    }

    @Override
    public CompletionStage<Outcome> moveOwner(
            String route,
            Side to,
            boolean readersMayLag,
            StrandedWrites stranded,
            Cause cause,
            Precondition precondition) {
        return submit(
                Optional.of(route),
                cause,
                precondition,
                now -> new OwnerChange(route, to, readersMayLag, stranding(stranded)));
    }

    @Override
    public CompletionStage<Optional<Outcome>> previewMoveOwner(
            String route, Side to, boolean readersMayLag, StrandedWrites stranded, Precondition precondition) {
        Change change = new OwnerChange(route, to, readersMayLag, stranding(stranded));
        return CompletableFuture.supplyAsync(
                () -> notReadyYet()
                        .map(Optional::of)
                        .orElseGet(() -> history.preview(Optional.of(route), precondition, change)),
                writer);
    }

    @Override
    public CompletionStage<Outcome> rollback(
            long number, Optional<String> route, StrandedWrites stranded, Cause cause, Precondition precondition) {
        return submit(
                route,
                cause,
                precondition,
                now -> present -> history.stored()
                        .stored(number)
                        .map(old -> new Rollback(
                                        number,
                                        history.stored().content(old),
                                        route,
                                        stranding(stranded),
                                        Publisher::conflicts)
                                .from(present))
                        .orElseGet(() -> Step.no(
                                Outcome.Why.NO_SUCH_REVISION,
                                "there is no revision " + number,
                                "banyan revisions lists them; the newest is "
                                        + history.current().number())));
    }

    private Stranding stranding(StrandedWrites asked) {
        return new Stranding(asked, taken);
    }

    private static List<String> conflicts(BaseTable table) {
        return TableText.conflicts(table).stream().map(Problem::what).toList();
    }

    @Override
    public CompletionStage<Outcome> unpin(Cause cause, Precondition precondition) {
        return submit(Optional.empty(), cause, precondition, now -> present -> {
            Acceptance accepted = FilesIntake.whatIsGoodToUnpin(
                    present, sourceFiles.present(present), stranding(StrandedWrites.REFUSE));
            Step step = new Unpin(accepted, stranding(StrandedWrites.REFUSE)).from(present);
            if (step instanceof Step.Next) {
                sourceFiles.show(accepted.heldBack(), Set.of());
            }
            return step;
        });
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public Prospect plan(SortedMap<String, String> files) {
        // On the caller's thread: a large table must not keep the writer from a freeze.
        TableHistory.Present present = history.present();
        return Prospect.of(present.revision(), present.content(), files, stranding(StrandedWrites.REFUSE));
    }

    @Override
    public CompletionStage<Outcome> apply(SortedMap<String, String> files, Cause cause, Precondition precondition) {
        if (source == Source.FILES) {
            return CompletableFuture.completedFuture(new Outcome.Refused(
                    Outcome.Why.SOURCE_IS_FILES,
                    "the base of the table is the watched directory (source: files)",
                    "save the files there, which is in force within 2 s; or run the proxy with --source api"));
        }
        return takeWhole(new RoutesDirectory.Listed(files, new TreeMap<>(), List.of()), cause, precondition);
    }

    /** Takes what the directory says as a whole or not at all, if nothing is in force yet: {@code source: api} at its first start. */
    CompletionStage<Outcome> seed(RoutesDirectory.Listed listed, Cause cause) {
        return takeWhole(listed, cause, new Precondition.TableIs(0));
    }

    private CompletionStage<Outcome> takeWhole(RoutesDirectory.Listed listed, Cause cause, Precondition precondition) {
        return write(() -> history.publish(Optional.empty(), cause, precondition, clock.instant(), present -> {
            Acceptance accepted = FilesIntake.whole(present, listed, stranding(StrandedWrites.REFUSE));
            if (accepted.read().isEmpty()) {
                history.notReadyBecause(refused(accepted));
            }
            return new TakeFiles(accepted).from(present);
        }));
    }

    private static String refused(Acceptance accepted) {
        return "the store is empty and the routing files are refused: "
                + accepted.heldBack().values().stream().flatMap(List::stream).toList();
    }

    /** Takes what the watched directory says now, as far as it is good; the rest is held back, or waits while the table is pinned. */
    public CompletionStage<Outcome> takeFiles(RoutesDirectory.Listed listed, Cause cause) {
        return write(() -> {
            sourceFiles.seen(listed);
            return history.publish(
                    Optional.empty(),
                    cause,
                    Precondition.NONE,
                    clock.instant(),
                    present -> takeOrWait(present, listed));
        });
    }

    private Step takeOrWait(Content present, RoutesDirectory.Listed listed) {
        if (present.pinnedTo().isPresent()) {
            return waitForUnpin(present, listed);
        }
        boolean first = history.current().number() == 0;
        if (!first && listed.unreadable().isEmpty() && listed.files().equals(present.files())) {
            // As at most starts: nothing is read that is in force already.
            sourceFiles.show(new TreeMap<>(), Set.of());
            return Step.same();
        }
        Acceptance accepted = first
                ? FilesIntake.whole(present, listed, stranding(StrandedWrites.REFUSE))
                : FilesIntake.whatIsGood(present, listed, stranding(StrandedWrites.REFUSE));
        sourceFiles.show(accepted.heldBack(), Set.of());
        if (first && accepted.read().isEmpty()) {
            history.notReadyBecause(refused(accepted));
        }
        return new TakeFiles(accepted).from(present);
    }

    private Step waitForUnpin(Content present, RoutesDirectory.Listed listed) {
        Acceptance accepted = FilesIntake.whatIsGoodToUnpin(present, listed, stranding(StrandedWrites.REFUSE));
        Set<String> waiting = FilesIntake.changed(present.files(), listed.files());
        waiting.removeAll(accepted.heldBack().keySet());
        sourceFiles.show(accepted.heldBack(), waiting);
        return Step.same();
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

    private CompletionStage<Outcome> submit(
            Optional<String> route, Cause cause, Precondition precondition, Function<Instant, Change> change) {
        return write(() -> {
            Optional<Outcome> notReady = notReadyYet();
            if (notReady.isPresent()) {
                return notReady.get();
            }
            Instant now = clock.instant();
            return history.publish(route, cause, precondition, now, change.apply(now));
        });
    }

    private Optional<Outcome> notReadyYet() {
        if (history.current().number() > 0) {
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

    private static <T> Flag<T> flag(T value, Cause cause, Instant now) {
        return new Flag<>(value, cause.author(), cause.reason(), now);
    }

    /** Finishes what was asked for before; takes nothing more. Does not close the store. */
    @Override
    public void close() {
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
