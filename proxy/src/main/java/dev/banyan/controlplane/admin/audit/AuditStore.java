package dev.banyan.controlplane.admin.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/** Keeps the audit log in the order in which it came, and for good. A port; all of it blocks. Thread-safe. */
public interface AuditStore extends Closeable {

    /**
     * Takes entries from the front as they are kept. When it returns there is none left, and all survive a loss of power.
     *
     * @throws IOException those left are not kept, and none of them in part; the message says where
     */
    void append(Queue<ObjectNode> entries) throws IOException;

    /** Whether nothing is kept any more until a restart: an append failed in a way that leaves unknown what is there. */
    boolean isBroken();

    /**
     * Entries before one, the newest first, each with its {@code id}; empty if there is none of that id.
     *
     * @param before an entry's id, or {@code Long.MAX_VALUE} for the newest
     */
    Optional<Page> read(long before, int limit, AuditFilter filter) throws IOException;

    /**
     * Some entries, the newest first.
     *
     * @param next before which entry to read on; empty: there is nothing more
     */
    record Page(List<ObjectNode> entries, OptionalLong next) {}
}
