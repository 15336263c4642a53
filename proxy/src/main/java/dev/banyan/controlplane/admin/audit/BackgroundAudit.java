package dev.banyan.controlplane.admin.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.access.FailedAuthentications;
import dev.banyan.controlplane.admin.http.AuditLine;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the audit log what no request of the API writes: revisions that files and ramps make, failed authentications, and at the
 * start what a crash kept from being written between a change and its line.
 */
public final class BackgroundAudit {
    /** Authors of revisions that are no person's; no token may be called so. */
    public static final Set<String> AUTHORS = Set.of("files", "start", "ramp");

    /** Where nothing was ever written, no older revision than so many is made up for. */
    private static final int MOST_MADE_UP = 1_000;

    private static final int PAGE = 500;

    /** Failed authentications wait so long, to be one line. */
    private static final Duration MOST_DELAY = Duration.ofMinutes(1);

    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundAudit.class);

    private final AuditLog audit;
    private final Revisions revisions;
    private final FailedAuthentications failures;
    private final Clock clock;
    private final Queue<Revision> published = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "banyan-audit");
        made.setDaemon(true);
        return made;
    });

    private BackgroundAudit(AuditLog audit, Revisions revisions, FailedAuthentications failures, Clock clock) {
        this.audit = audit;
        this.revisions = revisions;
        this.failures = failures;
        this.clock = clock;
    }

    /** Makes up for what is missing before it returns, then goes on with what comes. Blocks. */
    public static BackgroundAudit start(
            AuditLog audit, Revisions revisions, FailedAuthentications failures, Clock clock) throws IOException {
        BackgroundAudit background = new BackgroundAudit(audit, revisions, failures, clock);
        background.begin();
        ScheduledFuture<?> unused = background.thread.scheduleWithFixedDelay(
                background::write, MOST_DELAY.toMillis(), MOST_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        ScheduledFuture<?> unusedToo = background.thread.scheduleWithFixedDelay(
                audit::catchUp, CATCH_UP.toMillis(), CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
        return background;
    }

    /** Under the lock, so that what is published meanwhile is written after it, and once. */
    private synchronized void begin() throws IOException {
        revisions.onPublished(this::published);
        long upTo = revisions.current().number();
        makeUp(upTo);
        published.removeIf(revision -> revision.number() <= upTo);
    }

    /** On the writer thread of the revisions, which must not wait. */
    private void published(Revision revision) {
        if (AUTHORS.contains(revision.author())) {
            published.add(revision);
            try {
                thread.execute(this::write);
            } catch (RejectedExecutionException e) {
                LOG.debug("stopped; the next start makes up for it: revision={}", revision.number());
            }
        }
    }

    /** Writes what has come; then nothing more. */
    public void stop() {
        thread.shutdown();
        write();
    }

    private void makeUp(long upTo) throws IOException {
        List<ObjectNode> missing = new ArrayList<>();
        NavigableSet<Long> there = lastWritten();
        long from = there.isEmpty() ? Math.max(0, upTo - MOST_MADE_UP) : there.first();
        for (long number = from + 1; number <= upTo; number++) {
            if (!there.contains(number)) {
                revisions.find(number).map(this::entry).ifPresent(missing::add);
            }
        }
        try {
            audit.append(missing);
        } catch (IOException e) {
            // A table that was accepted is served whatever became of the disk since.
            LOG.error("the audit log cannot be written; no change is let through until it is", e);
        }
    }

    /** The revisions of the newest entries that tell of any; a crash can only have lost one among them, or after them. */
    private NavigableSet<Long> lastWritten() throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        long before = Long.MAX_VALUE;
        while (numbers.isEmpty() && before > 0) {
            AuditStore.Page page = audit.read(before, PAGE, AuditFilter.NONE).orElseThrow();
            page.entries().stream()
                    .filter(entry -> entry.path("result").asText().equals("done") && entry.has("revision_after"))
                    .forEach(entry -> numbers.add(entry.path("revision_after").asLong()));
            before = page.next().orElse(0);
        }
        return numbers;
    }

    /** One after the other, in their order. */
    private synchronized void write() {
        List<ObjectNode> entries = new ArrayList<>();
        for (Revision revision = published.poll(); revision != null; revision = published.poll()) {
            entries.add(entry(revision));
        }
        entries.addAll(failures.take(clock.instant()));
        try {
            audit.append(entries);
        } catch (IOException e) {
            LOG.error("the audit log cannot be written; no change is let through until it is", e);
        } catch (RuntimeException e) {
            // Or it would never run again.
            LOG.error("could not tell the audit log of what came", e);
        }
    }

    private ObjectNode entry(Revision revision) {
        ObjectNode entry = Json.object()
                .put("time", revision.time().toString())
                .put("who", revision.author())
                .put("from", "this proxy")
                .put("what", AuditLine.shortened(String.join("; ", revision.changes())))
                .put("reason", revision.reason());
        entry.set("routes", Json.array(ChangedRoutes.of(revision, revisions)));
        return entry.put("revision_before", revision.parent())
                .put("revision_after", revision.number())
                .put("result", "done");
    }
}
