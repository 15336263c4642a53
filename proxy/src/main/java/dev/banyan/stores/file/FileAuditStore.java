package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.audit.AuditFilter;
import dev.banyan.controlplane.admin.audit.AuditStore;
import dev.banyan.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log as files, one line of JSON an entry, only ever added to: {@code DATA/audit.jsonl}, and what was full, under the next
 * number beside it.
 */
public final class FileAuditStore implements AuditStore {
    static final long FULL_BYTES = 16L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FileAuditStore.class);

    private final AuditFile.Opening opening;
    private final long fullBytes;
    private AuditSegment segment;
    private AuditFile file;

    /** What went wrong in a way that leaves unknown what is on the disk; nothing is written after it. */
    private @Nullable IOException broken;

    private FileAuditStore(AuditFile.Opening opening, long fullBytes, AuditSegment segment, AuditFile file) {
        this.opening = opening;
        this.fullBytes = fullBytes;
        this.segment = segment;
        this.file = file;
    }

    public static FileAuditStore open(Path directory) throws IOException {
        return open(directory, AuditFile::open, FULL_BYTES);
    }

    public static FileAuditStore open(Path directory, AuditFile.Opening opening, long fullBytes) throws IOException {
        AuditSegment newest = AuditSegment.newest(directory);
        AuditFile file = opening.open(newest.file());
        try {
            endTornLine(newest, file);
            OwnerOnlyFile.syncEntry(newest.file());
            return new FileAuditStore(opening, fullBytes, newest, file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** A crash in the middle of a write leaves half a line. It was never acknowledged, but it is evidence: it stays. */
    private static void endTornLine(AuditSegment segment, AuditFile file) throws IOException {
        long size = file.size();
        if (size == 0) {
            return;
        }
        try (FileChannel reading = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
            if (BackwardLines.bytes(reading, size - 1, size)[0] != '\n') {
                LOG.warn("ended a torn line of the audit log file={} offset={}", segment.file(), size);
                file.append(ByteBuffer.wrap(new byte[] {'\n'}));
                file.force();
            }
        }
    }

    @Override
    public synchronized void append(Queue<ObjectNode> entries) throws IOException {
        if (broken != null) {
            throw told("an earlier write failed: ", broken);
        }
        try {
            write(entries);
        } catch (IOException e) {
            throw told("", e);
        }
    }

    private IOException told(String when, IOException cause) {
        return new IOException(segment.file() + ": " + when + cause.getMessage(), cause);
    }

    @Override
    public synchronized boolean isBroken() {
        return broken != null;
    }

    private void write(Queue<ObjectNode> entries) throws IOException {
        int written = 0;
        try {
            for (ObjectNode entry : entries) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                line.writeBytes(Json.write(entry));
                line.write('\n');
                makeRoomFor(line.size());
                writeLine(ByteBuffer.wrap(line.toByteArray()));
                written++;
            }
        } finally {
            force();
            for (int i = 0; i < written; i++) {
                entries.remove();
            }
        }
    }

    /** Whole or not at all: what a full disk leaves of a line is cut off again. */
    private void writeLine(ByteBuffer line) throws IOException {
        long end = file.size();
        try {
            file.append(line);
        } catch (IOException e) {
            try {
                file.truncate(end);
            } catch (IOException cut) {
                broken = e;
                e.addSuppressed(cut);
            }
            throw e;
        }
    }

    /** After a failed one nobody knows what is on the disk: nothing is written any more until a restart. */
    private void force() throws IOException {
        try {
            file.force();
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    /** A crash between the two steps leaves no {@code audit.jsonl}, and the next start makes it. */
    private void makeRoomFor(int lineBytes) throws IOException {
        long size = file.size();
        if (size == 0 || size + lineBytes <= fullBytes) {
            return;
        }
        Path kept = segment.full().file();
        if (Files.exists(kept)) {
            // A rename would take it away.
            throw new FileAlreadyExistsException(kept.toString());
        }
        force();
        try {
            file.close();
            Files.move(segment.file(), kept, StandardCopyOption.ATOMIC_MOVE);
            segment = segment.next();
            file = opening.open(segment.file());
            OwnerOnlyFile.syncEntry(segment.file());
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    @Override
    public Optional<Page> read(long before, int limit, AuditFilter filter) throws IOException {
        try (AuditReader reader = reader()) {
            return reader.read(before, limit, filter);
        }
    }

    /** The log as it is now, for one reader. Opened under the lock, so that it ends with a line, and no rename comes between. */
    private synchronized AuditReader reader() throws IOException {
        return new AuditReader(segment, FileChannel.open(segment.file(), StandardOpenOption.READ), file.size());
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
