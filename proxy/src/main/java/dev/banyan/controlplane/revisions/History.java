package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.file.TableText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The revisions in the store, as values. Reads on demand; of the tables it has read it keeps a few, because most revisions share one. */
final class History implements Moment.Past {
    private static final int TABLES_KEPT = 16;
    private static final int REVISIONS_KEPT = 4;

    private final RevisionStore store;
    private final Map<String, BaseTable> tables = keeping(TABLES_KEPT);
    private final Map<Long, Revision> lately = keeping(REVISIONS_KEPT);

    History(RevisionStore store) {
        this.store = store;
    }

    /** The last so many that were asked for. */
    private static <K, V> Map<K, V> keeping(int most) {
        return new LinkedHashMap<>(most, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    List<Revision> page(long before, int limit) {
        List<Revision> page = new ArrayList<>();
        for (long number = Math.min(before - 1, store.newest()); number > 0 && page.size() < limit; number--) {
            find(number).ifPresent(page::add);
        }
        return List.copyOf(page);
    }

    @Override
    public long newest() {
        return store.newest();
    }

    @Override
    public Optional<Content> content(long number) {
        return stored(number).map(this::content);
    }

    Optional<Revision> find(long number) {
        Revision known = lately(number);
        return known == null ? stored(number).map(this::revision) : Optional.of(known);
    }

    private synchronized @Nullable Revision lately(long number) {
        return lately.get(number);
    }

    Optional<StoredRevision> stored(long number) {
        try {
            return store.find(number);
        } catch (IOException e) {
            throw new UncheckedIOException("revision " + number + " cannot be read", e);
        }
    }

    Content content(StoredRevision stored) {
        return new Content(table(stored), stored.pinnedTo(), stored.files());
    }

    Revision revision(StoredRevision stored) {
        return revision(stored, table(stored));
    }

    RoutingTable table(StoredRevision stored) {
        return RoutingTable.of(stored.number(), table(stored.baseText()), stored.flags());
    }

    /** @param table its content, which may share what is equal with another's */
    Revision revision(StoredRevision stored, RoutingTable table) {
        return new Revision(
                stored.number(),
                stored.digest(),
                stored.parent(),
                stored.time(),
                stored.author(),
                stored.reason(),
                stored.changes(),
                stored.pinnedTo(),
                table);
    }

    /** What stands before the first revision. */
    static Content nothing() {
        return new Content(RoutingTable.NONE, Optional.empty(), new TreeMap<>());
    }

    /** Keeps what was stored just now: whoever asks for it need not read it, and sees what it shares with the one before. */
    synchronized void remember(String text, BaseTable table, Revision revision) {
        tables.put(text, table);
        lately.put(revision.number(), revision);
    }

    private synchronized BaseTable table(String text) {
        return tables.computeIfAbsent(text, TableText::read);
    }
}
