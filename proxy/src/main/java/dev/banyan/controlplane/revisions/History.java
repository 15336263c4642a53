package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.PathRules;
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

/** The revisions in the store, as values. Reads on demand; of the tables it has read it keeps a few, because most revisions share one. */
final class History implements Moment.Past {
    private static final int TABLES_KEPT = 16;

    private final RevisionStore store;
    private final Map<String, BaseTable> tables = new LinkedHashMap<>(TABLES_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BaseTable> eldest) {
            return size() > TABLES_KEPT;
        }
    };

    History(RevisionStore store) {
        this.store = store;
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
        return stored(number).map(this::revision);
    }

    Optional<StoredRevision> stored(long number) {
        try {
            return store.find(number);
        } catch (IOException e) {
            throw new UncheckedIOException("revision " + number + " cannot be read", e);
        }
    }

    Content content(StoredRevision stored) {
        return new Content(table(stored.baseText()), stored.flags(), stored.pinnedTo(), stored.files());
    }

    Revision revision(StoredRevision stored) {
        return new Revision(
                stored.number(),
                stored.digest(),
                stored.parent(),
                stored.time(),
                stored.author(),
                stored.reason(),
                stored.changes(),
                stored.pinnedTo(),
                RoutingTable.of(stored.number(), table(stored.baseText()), stored.flags()));
    }

    /** What stands before the first revision: no routes, no upstreams, and no default to send anything to. */
    static Content nothing() {
        return new Content(
                new BaseTable(PathRules.RAILS, "", new TreeMap<>(), new TreeMap<>()),
                Flags.NONE,
                Optional.empty(),
                new TreeMap<>());
    }

    /** Keeps a table that was stored just now: whoever asks for its revision need not read it. */
    synchronized void remember(String text, BaseTable table) {
        tables.put(text, table);
    }

    private synchronized BaseTable table(String text) {
        return tables.computeIfAbsent(text, TableText::read);
    }
}
