package dev.banyan.controlplane.admin.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.access.OwnerOnlyFile;
import dev.banyan.controlplane.admin.http.Json;
import dev.banyan.controlplane.revisions.NotKept;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who tried to change what, one line of JSON each, only ever added to and kept for good: in {@code DATA/audit.jsonl}, and once that is
 * full, under the next number beside it. All of it blocks.
 */
public final class AuditLog implements Closeable {
    static final long FULL_BYTES = 16L * 1024 * 1024;

    /** A full disk refuses changes, so that more than refusals do not come; past that they are not told. */
    private static final int MOST_WAITING = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final AuditFile.Opening opening;
    private final long fullBytes;
    private AuditSegment segment;
    private AuditFile file;
    /** What could not be written, oldest first. */
    private final List<ObjectNode> waiting = new ArrayList<>();

    private volatile boolean broken;
    private volatile Optional<NotKept> notKept = Optional.empty();

    private AuditLog(AuditFile.Opening opening, long fullBytes, AuditSegment segment, AuditFile file) {
        this.opening = opening;
        this.fullBytes = fullBytes;
        this.segment = segment;
        this.file = file;
    }

    public static AuditLog open(Path directory) throws IOException {
        return open(directory, AuditFile::open, FULL_BYTES);
    }

    public static AuditLog open(Path directory, AuditFile.Opening opening, long fullBytes) throws IOException {
        AuditSegment newest = AuditSegment.newest(directory);
        AuditFile file = opening.open(newest.file());
        try {
            endTornLine(newest, file);
            OwnerOnlyFile.syncDirectory(newest.file());
            return new AuditLog(opening, fullBytes, newest, file);
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

    /** Why lines wait to be written, and what to do; empty: none does. No change is let through meanwhile. Never blocks. */
    public Optional<NotKept> notKept() {
        return notKept;
    }

    /** Writes what waits, if there is room again. */
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
        if (broken) {
            throw new IOException(segment.file() + ": an earlier write failed");
        }
        if (waiting.isEmpty()) {
            return;
        }
        try {
            write();
            notKept = Optional.empty();
        } catch (IOException e) {
            notKept = Optional.of(new NotKept(
                    segment.file() + ": " + e.getMessage(),
                    broken
                            ? "see to the disk of the data directory, then restart"
                            : "free some of the disk of the data directory; what waits is written by itself then"));
            throw e;
        }
    }

    private void write() throws IOException {
        int written = 0;
        try {
            for (ObjectNode entry : waiting) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                line.writeBytes(Json.write(entry));
                line.write('\n');
                makeRoomFor(line.size());
                writeLine(ByteBuffer.wrap(line.toByteArray()));
                written++;
            }
        } finally {
            force();
            waiting.subList(0, written).clear();
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
                broken = true;
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
            broken = true;
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
            OwnerOnlyFile.syncDirectory(segment.file());
        } catch (IOException e) {
            broken = true;
            throw e;
        }
    }

    /** The log as it is now, for one reader. Opened under the lock, so that it ends with a line, and no rename comes between. */
    public synchronized AuditReader reader() throws IOException {
        return new AuditReader(segment, FileChannel.open(segment.file(), StandardOpenOption.READ), file.size());
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
