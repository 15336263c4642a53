package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code source: files}: reads the directory when something may have changed, and hands it to the publisher once it stands still.
 *
 * <p>One thread reads. The watch and the poll only wake it: inotify is quick but says nothing of some network and container file
 * systems, the poll sees everything but late.
 */
public final class FilesSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FilesSource.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration STANDS_STILL = Duration.ofMillis(100);
    /** A directory that is written to without a pause is taken all the same, so that a save is in force within 2 s. */
    private static final int MOST_READS_BEFORE_TAKING = 8;

    /** What failed is not tried with every poll: it costs as much as a save. */
    private static final int POLLS_UNTIL_RETRY = 3;

    private static final String FAILED_FIX = "see the log for where it failed; it is tried again by itself";

    private final SquadFiles directory;
    private final Publisher publisher;
    private final Duration retryAfter;
    private final ScheduledExecutorService thread;
    private RoutesDirectory.Listed taken = new RoutesDirectory.Listed(new TreeMap<>(), new TreeMap<>(), List.of());
    private RoutesDirectory.@Nullable Listed lastRead;
    private RoutesDirectory.@Nullable Listed failed;
    private long retryAtNanos;
    private int unsettledReads;
    private String toldOf = "";
    private @Nullable AutoCloseable watch;

    private FilesSource(SquadFiles directory, Publisher publisher, Duration retryAfter) {
        this.directory = directory;
        this.publisher = publisher;
        this.retryAfter = retryAfter;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "banyan-routes");
            made.setDaemon(true);
            return made;
        });
    }

    /** Takes the files as they are now, before it returns; then goes on watching. */
    public static FilesSource start(SquadFiles directory, Publisher publisher) {
        return start(directory, publisher, POLL);
    }

    static FilesSource start(SquadFiles directory, Publisher publisher, Duration poll) {
        FilesSource source = new FilesSource(directory, publisher, poll.multipliedBy(POLLS_UNTIL_RETRY));
        source.readAnd(source::takeFirst);
        source.watch();
        // Ends with the thread only: what it throws is caught in it.
        ScheduledFuture<?> unused = source.thread.scheduleWithFixedDelay(
                source::read, poll.toMillis(), poll.toMillis(), TimeUnit.MILLISECONDS);
        return source;
    }

    private void watch() {
        try {
            watch = directory.watch(() -> thread.execute(this::read));
        } catch (IOException e) {
            LOG.warn(
                    "could not watch the routing files; changes are seen by polling: directory={} cause={}",
                    directory,
                    e.toString());
        }
    }

    private void read() {
        readAnd(listed -> {
            takeOnceItStandsStill(listed);
            lastRead = listed;
        });
    }

    /** Nothing that goes wrong here ends the process, or the watching: it is told, and looked at again with the next poll. */
    private void readAnd(Consumer<RoutesDirectory.Listed> listing) {
        try {
            RoutesDirectory.Contents contents = directory.read(publisher.lastGoodFiles());
            if (contents instanceof RoutesDirectory.Listed listed) {
                listing.accept(listed);
            } else if (contents instanceof RoutesDirectory.NotListed notListed) {
                notTaken(notListed.problem(), null);
            }
        } catch (RuntimeException | Error e) {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            notTaken(new Problem(directory.toString(), 1, 1, "cannot be taken: " + cause, FAILED_FIX), cause);
        }
    }

    private void takeFirst(RoutesDirectory.Listed listed) {
        lastRead = listed;
        take(listed, new Cause("start", ""));
    }

    private void takeOnceItStandsStill(RoutesDirectory.Listed listed) {
        if (listed.equals(taken)) {
            unsettledReads = 0;
            isTaken();
        } else if (listed.equals(lastRead) || ++unsettledReads >= MOST_READS_BEFORE_TAKING) {
            SortedSet<String> changed = FilesIntake.changed(taken.files(), listed.files());
            take(listed, new Cause("files", "changed: " + String.join(", ", changed)));
        } else {
            // An editor or a copy may be half-way: look again before judging.
            ScheduledFuture<?> unused = thread.schedule(this::read, STANDS_STILL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void take(RoutesDirectory.Listed listed, Cause cause) {
        unsettledReads = 0;
        if (listed.equals(failed) && (publisher.notKept().isPresent() || System.nanoTime() - retryAtNanos < 0)) {
            return;
        }
        if (!listed.warnings().isEmpty()) {
            LOG.warn("saw something odd beside the routing files: warnings={}", listed.warnings());
        }
        failed = listed;
        retryAtNanos = System.nanoTime() + retryAfter.toNanos();
        Outcome outcome =
                publisher.takeFiles(listed, cause).toCompletableFuture().join();
        if (outcome instanceof Outcome.Refused refused && refused.why() == Outcome.Why.STORE_FAILED) {
            // As soon as it can be stored, not when the next retry would be due.
            retryAtNanos = System.nanoTime();
            notTaken(new Problem(directory.toString(), 1, 1, refused.what(), refused.fix()), null);
            return;
        }
        failed = null;
        taken = listed;
        isTaken();
    }

    private void isTaken() {
        if (!toldOf.isEmpty()) {
            toldOf = "";
            LOG.info("takes the routing files again: directory={}", directory);
            publisher.filesNotTaken(Optional.empty());
        }
    }

    private void notTaken(Problem problem, @Nullable Throwable cause) {
        // Once for each: a log that repeats itself every second is not read.
        if (!problem.toString().equals(toldOf)) {
            toldOf = problem.toString();
            LOG.warn("could not take the routing files; a table in force goes on: problem={}", problem, cause);
            publisher.filesNotTaken(Optional.of(toldOf));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (watch != null) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.debug("could not close the watch of the routing files", e);
            }
        }
    }
}
