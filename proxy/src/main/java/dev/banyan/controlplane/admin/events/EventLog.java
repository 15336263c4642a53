package dev.banyan.controlplane.admin.events;

import dev.banyan.contract.LiveEvents;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last events, in memory. What is older is told from the history if it is a revision, and by {@code reset} if it is not kept
 * anywhere.
 */
public final class EventLog {
    /** Bounds memory; a busy day of a big table. */
    public static final int MOST = 1_000;

    /** More are not told one by one: reading the table is less work for both. */
    private static final int MOST_REPLAYED = 500;

    private final Revisions revisions;
    private final String boot;
    private final Deque<Entry> ring = new ArrayDeque<>();
    private Revision last;
    private long sequence;

    public EventLog(Revisions revisions, String boot) {
        this.revisions = revisions;
        this.boot = boot;
        this.last = revisions.current();
    }

    /**
     * One thing that happened, with all its events.
     *
     * @param revision the newest when it happened
     * @param isRevision whether it is that one
     */
    private record Entry(long sequence, long revision, boolean isRevision, String text) {}

    /** What somebody gets, and where that leads. */
    public record Told(String text, EventId upTo) {}

    /** On the writer thread of the revisions. */
    public synchronized void published(Revision revision) {
        if (revision.number() > last.number()) {
            sequence++;
            EventId id = new EventId(revision.number(), boot, sequence);
            add(new Entry(sequence, revision.number(), true, EventText.of(revision, last, id)));
            last = revision;
        }
    }

    public synchronized void happened(LiveEvents.Event event) {
        sequence++;
        EventId id = new EventId(last.number(), boot, sequence);
        add(new Entry(sequence, last.number(), false, EventText.of(event, id)));
    }

    private void add(Entry entry) {
        ring.addLast(entry);
        if (ring.size() > MOST) {
            ring.removeFirst();
        }
    }

    public synchronized EventId now() {
        return new EventId(last.number(), boot, sequence);
    }

    /** All since then, from memory; empty if it does not reach back that far, or skips a revision. */
    public synchronized Optional<Told> since(EventId from) {
        long oldest = ring.isEmpty() ? sequence + 1 : ring.getFirst().sequence();
        if (!from.boot().equals(boot) || from.sequence() > sequence || from.sequence() + 1 < oldest) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        long revision = from.revision();
        for (Entry entry : ring) {
            if (entry.sequence() > from.sequence()) {
                if (entry.isRevision() && entry.revision() != revision + 1) {
                    return Optional.empty();
                }
                revision = entry.revision();
                text.append(entry.text());
            }
        }
        return revision == last.number() ? Optional.of(new Told(text.toString(), now())) : Optional.empty();
    }

    /** All since then, from memory or from the history; may wait for a disk. */
    public Told resume(EventId from) {
        Optional<Told> remembered = since(from);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        EventId now = now();
        long missed = now.revision() - from.revision();
        if (missed < 0 || missed > MOST_REPLAYED || from.revision() < 1) {
            return new Told(EventText.reset(now, "/v1/table", "/v1/upstreams"), now);
        }
        StringBuilder text = new StringBuilder();
        List<Revision> page = new ArrayList<>(revisions.history(now.revision() + 1, (int) missed + 1));
        for (int i = page.size() - 2; i >= 0; i--) {
            Revision revision = page.get(i);
            // The sequence of now: together with the revision it says that those in between are still to come.
            text.append(EventText.of(
                    revision, page.get(i + 1), new EventId(revision.number(), now.boot(), now.sequence())));
        }
        // Revisions are kept for good; what upstreams did meanwhile is not.
        return new Told(text + EventText.reset(now, "/v1/upstreams"), now);
    }
}
