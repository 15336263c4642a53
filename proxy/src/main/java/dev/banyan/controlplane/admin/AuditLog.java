package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who tried to change what, one line of JSON each, only ever added to and kept for good: in {@code DATA/audit.jsonl}, and once that is
 * full, under the next number beside it. All of it blocks.
 */
final class AuditLog implements Closeable {
    static final long FULL_BYTES = 16L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final AuditFile.Opening opening;
    private final long fullBytes;
    private AuditSegment segment;
    private AuditFile file;
    private volatile boolean broken;

    private AuditLog(AuditFile.Opening opening, long fullBytes, AuditSegment segment, AuditFile file) {
        this.opening = opening;
        this.fullBytes = fullBytes;
        this.segment = segment;
        this.file = file;
    }

    static AuditLog open(Path directory) throws IOException {
        return open(directory, AuditFile::open, FULL_BYTES);
    }

    static AuditLog open(Path directory, AuditFile.Opening opening, long fullBytes) throws IOException {
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

    /** After a failed write nobody knows what is on the disk: no change is let through any more until a restart. */
    boolean isBroken() {
        return broken;
    }

    /** On the disk when this returns. */
    void append(ObjectNode entry) throws IOException {
        append(List.of(entry));
    }

    /** On the disk when this returns, all of them. */
    synchronized void append(List<ObjectNode> entries) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        if (broken) {
            throw new IOException(segment.file() + ": an earlier write failed");
        }
        try {
            for (ObjectNode entry : entries) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                line.writeBytes(Json.write(entry));
                line.write('\n');
                makeRoomFor(line.size());
                file.append(ByteBuffer.wrap(line.toByteArray()));
            }
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
        file.force();
        file.close();
        Path kept = segment.full().file();
        if (Files.exists(kept)) {
            // A rename would take it away.
            throw new FileAlreadyExistsException(kept.toString());
        }
        Files.move(segment.file(), kept, StandardCopyOption.ATOMIC_MOVE);
        segment = segment.next();
        file = opening.open(segment.file());
        OwnerOnlyFile.syncDirectory(segment.file());
    }

    /** The log as it is now, for one reader. Opened under the lock, so that it ends with a line, and no rename comes between. */
    synchronized AuditReader reader() throws IOException {
        return new AuditReader(segment, FileChannel.open(segment.file(), StandardOpenOption.READ), file.size());
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
