package dev.banyan.controlplane.admin.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.revisions.NotKept;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who tried to change what. What cannot be written waits, and while anything waits no change is let through. */
public final class AuditLog {
    /** A full disk refuses changes, so that more than refusals do not come; past that they are not told. */
    private static final int MOST_WAITING = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final AuditStore store;
    /** What could not be written, oldest first. */
    private final Queue<ObjectNode> waiting = new ArrayDeque<>();

    private volatile Optional<NotKept> notKept = Optional.empty();

    /** @param store stays open */
    public AuditLog(AuditStore store) {
        this.store = store;
    }

    /** Why lines wait to be written, and what to do; empty: none does. No change is let through meanwhile. Never blocks. */
    public Optional<NotKept> notKept() {
        return notKept;
    }

    /** Writes what waits, if there is room again. Blocks. */
    public void catchUp() {
        if (notKept.isEmpty()) {
            return;
        }
        try {
            append(List.of());
        } catch (IOException e) {
            LOG.debug("the audit log still cannot be written", e);
        }
    }

    /** On the disk when this returns. */
    public void append(ObjectNode entry) throws IOException {
        append(List.of(entry));
    }

    /**
     * On the disk when this returns, all of them.
     *
     * @throws IOException they are not, but are written before anything else once there is room; after a restart, those of revisions
     *     are, from the history
     */
    public synchronized void append(List<ObjectNode> entries) throws IOException {
        entries.stream().limit(Math.max(0, MOST_WAITING - waiting.size())).forEach(waiting::add);
        if (waiting.isEmpty()) {
            return;
        }
        try {
            store.append(waiting);
            notKept = Optional.empty();
        } catch (IOException e) {
            notKept = Optional.of(new NotKept(
                    String.valueOf(e.getMessage()),
                    store.isBroken()
                            ? "see to the disk of the data directory, then restart"
                            : "free some of the disk of the data directory; what waits is written by itself then"));
            throw e;
        }
    }

    /** As {@link AuditStore#read}. */
    public Optional<AuditStore.Page> read(long before, int limit, AuditFilter filter) throws IOException {
        return store.read(before, limit, filter);
    }
}
