package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code DATA/audit.jsonl}: who tried to change what, one line each, only ever added to. An entry's id is the offset of its line, so
 * that a page is found without an index. All of it blocks.
 */
final class AuditLog implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int BLOCK_BYTES = 64 * 1024;

    private final Path file;
    private final FileChannel channel;
    private volatile boolean broken;

    private AuditLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static AuditLog open(Path file) throws IOException {
        FileChannel channel = OwnerOnlyFile.open(file, StandardOpenOption.CREATE);
        AuditLog log = new AuditLog(file, channel);
        try {
            channel.position(channel.size());
            log.endTornLine();
            OwnerOnlyFile.syncDirectory(file);
            return log;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** After a failed write nobody knows what is on the disk: no change is let through any more until a restart. */
    boolean isBroken() {
        return broken;
    }

    /** On the disk when this returns. */
    synchronized void append(ObjectNode entry) throws IOException {
        if (broken) {
            throw new IOException(file + ": an earlier write failed");
        }
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            line.writeBytes(Json.write(entry));
            line.write('\n');
            write(ByteBuffer.wrap(line.toByteArray()));
        } catch (IOException e) {
            broken = true;
            throw e;
        }
    }

    /** Some entries, the newest first. */
    record Page(List<ObjectNode> entries, OptionalLong next) {}

    /**
     * Those before an entry; empty if there is none of that id.
     *
     * @param before an entry's id, or {@code Long.MAX_VALUE} for the newest
     */
    Optional<Page> read(long before, int limit) throws IOException {
        List<ObjectNode> entries = new ArrayList<>();
        try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = Math.min(before, reading.size());
            if (end > 0 && bytes(reading, end - 1, end)[0] != '\n') {
                return Optional.empty();
            }
            while (end > 0 && entries.size() < limit) {
                long start = startOfLineBefore(reading, end);
                add(entries, start, bytes(reading, start, end));
                end = start;
            }
            return Optional.of(new Page(entries, end > 0 ? OptionalLong.of(end) : OptionalLong.empty()));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    /** A crash in the middle of a write leaves half a line. It was never acknowledged, but it is evidence: it stays. */
    private void endTornLine() throws IOException {
        long size = channel.size();
        if (size > 0) {
            try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
                if (bytes(reading, size - 1, size)[0] != '\n') {
                    LOG.warn("ended a torn line of the audit log file={} offset={}", file, size);
                    write(ByteBuffer.wrap(new byte[] {'\n'}));
                }
            }
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    private void add(List<ObjectNode> entries, long start, byte[] line) {
        try {
            JsonNode entry = Json.read(line);
            if (entry instanceof ObjectNode object) {
                entries.add(Json.object().put("id", start).setAll(object));
            }
        } catch (IOException e) {
            LOG.warn("skipped an unreadable line of the audit log file={} offset={}", file, start);
        }
    }

    private static long startOfLineBefore(FileChannel reading, long end) throws IOException {
        // The last byte before is the line's own end.
        long upTo = end - 1;
        while (upTo > 0) {
            long from = Math.max(0, upTo - BLOCK_BYTES);
            byte[] block = bytes(reading, from, upTo);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return from + i + 1;
                }
            }
            upTo = from;
        }
        return 0;
    }

    private static byte[] bytes(FileChannel reading, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (bytes.hasRemaining() && reading.read(bytes, from + bytes.position()) >= 0) {
            // Goes on until it has all.
        }
        return bytes.array();
    }
}
