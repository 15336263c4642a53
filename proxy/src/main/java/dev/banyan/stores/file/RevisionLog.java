package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Payloads, one after the other, in a file that only grows. Each stands behind a frame: its length, its checksum, and a checksum of
 * the frame and its place.
 *
 * <p>A crash leaves a prefix of the last record, or zeros where its bytes did not get to the disk: that tail was never acknowledged
 * and is cut when the log is opened. The frame has a checksum of its own so that a damaged length is told from a tail that is torn.
 */
final class RevisionLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevisionLog.class);
    private static final byte[] MAGIC = "BANYANRL".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = MAGIC.length + 4 + 4;
    private static final int FRAME_BYTES = 4 + 4 + 4;
    /** Far over any table; keeps a length from taking all memory. */
    private static final int MAX_PAYLOAD_BYTES = 256 * 1024 * 1024;

    private final Path path;
    private final LogFile file;
    private long end;
    private int lastAskedBytes;
    /** Why nothing is written any more; null while all is well. Written under the lock, read without. */
    private volatile @Nullable String broken;

    private RevisionLog(Path path, LogFile file) {
        this.path = path;
        this.file = file;
    }

    /** Hears of each payload when the log is opened, in order. */
    interface Visitor {
        void payload(long position, byte[] payload) throws IOException;
    }

    /** What a new log begins with. */
    static ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(VERSION);
        return header.putInt(checksum(header.array(), 0, header.position())).flip();
    }

    /**
     * Reads everything once, cuts a torn tail, and is then ready to append.
     *
     * @param path for messages
     */
    static RevisionLog open(Path path, LogFile file, Visitor visitor) throws IOException {
        RevisionLog log = new RevisionLog(path, file);
        log.checkHeader();
        long size = file.size();
        if (log.scan(size, visitor) < size) {
            log.cut(log.end, size);
        }
        return log;
    }

    /** Reads what is there while another process may be appending; a record it has not finished is left out. */
    static RevisionLog follow(Path path, LogFile file, Visitor visitor) throws IOException {
        RevisionLog log = new RevisionLog(path, file);
        log.checkHeader();
        log.scan(file.size(), visitor);
        log.broken = "another process writes it";
        return log;
    }

    private void checkHeader() throws IOException {
        ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES);
        file.read(found, 0);
        found.flip();
        if (found.equals(header())) {
            return;
        }
        if (found.remaining() == HEADER_BYTES
                && found.getInt(MAGIC.length + 4) == checksum(found.array(), 0, MAGIC.length + 4)) {
            throw new IOException(
                    path + ": its format is version " + found.getInt(MAGIC.length) + ", this Banyan reads version "
                            + VERSION + "; fix: start the Banyan that wrote it, or a newer one");
        }
        throw new CorruptLogException(path, 0, "this is not the beginning of a log of revisions");
    }

    /** Returns where the last whole record ends. */
    private long scan(long size, Visitor visitor) throws IOException {
        long position = HEADER_BYTES;
        while (position < size) {
            byte[] payload = readOrNullIfTorn(position, size);
            if (payload == null) {
                break;
            }
            visitor.payload(position, payload);
            position += FRAME_BYTES + payload.length;
        }
        end = position;
        return end;
    }

    private byte @Nullable [] readOrNullIfTorn(long position, long size) throws IOException {
        if (position + FRAME_BYTES > size) {
            return null;
        }
        ByteBuffer frame = bytes(position, FRAME_BYTES);
        int length = frame.getInt();
        int payloadChecksum = frame.getInt();
        if (frame.getInt() != frameChecksum(position, length, payloadChecksum)) {
            return nullIfZeros(position, size, "a record's frame does not match its checksum");
        }
        if (length < 0 || length > MAX_PAYLOAD_BYTES) {
            throw new CorruptLogException(path, position, "a record of " + length + " bytes");
        }
        long payloadAt = position + FRAME_BYTES;
        if (payloadAt + length > size) {
            return null;
        }
        byte[] payload = bytes(payloadAt, length).array();
        if (checksum(payload, 0, length) != payloadChecksum) {
            return payloadAt + length == size
                    ? nullIfZeroTail(position, payload)
                    : refuse(position, "a record does not match its checksum");
        }
        return payload;
    }

    /** A file may have grown without its bytes: they read as zeros then, up to its end. Anything else is damage. */
    private byte @Nullable [] nullIfZeros(long position, long size, String otherwise) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
        for (long at = position; at < size; at += chunk.limit()) {
            chunk.clear();
            file.read(chunk, at);
            chunk.flip();
            for (int i = 0; i < chunk.limit(); i++) {
                if (chunk.get(i) != 0) {
                    return refuse(position, otherwise);
                }
            }
        }
        return null;
    }

    /** No payload ends with zeros (it ends with text), so one that does never got to the disk as a whole. */
    private byte @Nullable [] nullIfZeroTail(long position, byte[] payload) throws IOException {
        return payload.length > 1 && payload[payload.length - 1] == 0 && payload[payload.length - 2] == 0
                ? null
                : refuse(position, "the last record does not match its checksum");
    }

    private byte[] refuse(long position, String what) throws IOException {
        throw new CorruptLogException(path, position, what);
    }

    private void cut(long position, long size) throws IOException {
        LOG.warn(
                "cut a record that was torn by a crash and never acknowledged: file={} at={} bytes={}",
                path,
                position,
                size - position);
        file.truncate(position);
        file.force();
    }

    /**
     * Appends one payload and returns its position once it is durable. It ends with a byte that is not zero.
     *
     * @throws IOException the payload is not kept; {@link #isReadOnly} says whether another may be
     */
    synchronized long append(byte[] payload) throws IOException {
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IOException(
                    "the revision is larger than " + MAX_PAYLOAD_BYTES + " bytes, and could not be read again");
        }
        refuseIfBroken();
        long position = end;
        int payloadChecksum = checksum(payload, 0, payload.length);
        ByteBuffer record = ByteBuffer.allocate(FRAME_BYTES + payload.length)
                .putInt(payload.length)
                .putInt(payloadChecksum)
                .putInt(frameChecksum(position, payload.length, payloadChecksum))
                .put(payload)
                .flip();
        lastAskedBytes = record.remaining();
        write(record, position);
        force(position);
        end = position + FRAME_BYTES + payload.length;
        return position;
    }

    /**
     * Whether there is room again for as much as was last asked for. Leaves nothing behind: what a crash leaves of it are zeros, and
     * those are cut as a torn record is.
     *
     * @throws IOException there is not
     */
    synchronized void probe() throws IOException {
        refuseIfBroken();
        write(ByteBuffer.allocate(lastAskedBytes), end);
        cutBack(end);
    }

    /** Whether nothing is kept any more until a restart. Never blocks. */
    boolean isReadOnly() {
        return broken != null;
    }

    private void refuseIfBroken() throws IOException {
        if (broken != null) {
            throw new IOException("read-only until a restart, because " + broken);
        }
    }

    /** A write that fails, as on a full disk, is taken back; once that is durable it is as if it had not been tried. */
    private void write(ByteBuffer bytes, long position) throws IOException {
        try {
            file.write(bytes, position);
        } catch (IOException e) {
            try {
                cutBack(position);
            } catch (IOException cut) {
                cut.addSuppressed(e);
                throw cut;
            }
            throw new IOException("writing " + path + " failed: " + e.getMessage(), e);
        }
    }

    private void cutBack(long position) throws IOException {
        try {
            file.truncate(position);
        } catch (IOException e) {
            throw broken("cutting off what was not acknowledged at the end of " + path, e);
        }
        force(position);
    }

    /**
     * After a failed fsync nobody knows what is on the disk, and a second one may lie (fsyncgate, 2018): so nothing more is written.
     * Cutting the record is only tried, so that a change that was refused does not come back with the next start.
     */
    private void force(long position) throws IOException {
        try {
            file.force();
        } catch (IOException e) {
            IOException told = broken("writing " + path + " through to the disk", e);
            try {
                file.truncate(position);
            } catch (IOException cut) {
                LOG.warn(
                        "could not cut a record that was not acknowledged; it may be there after a restart: file={} at={}",
                        path,
                        position,
                        cut);
            }
            throw told;
        }
    }

    private IOException broken(String what, IOException cause) {
        String why = what + " failed: " + cause.getMessage();
        broken = why;
        return new IOException("read-only until a restart, because " + why, cause);
    }

    /** The payload at a position that {@link #append} or the visitor was given. */
    byte[] read(long position) throws IOException {
        ByteBuffer frame = bytes(position, FRAME_BYTES);
        int length = frame.getInt();
        int payloadChecksum = frame.getInt();
        if (frame.getInt() != frameChecksum(position, length, payloadChecksum)) {
            throw new CorruptLogException(path, position, "a record's frame does not match its checksum");
        }
        byte[] payload = bytes(position + FRAME_BYTES, length).array();
        if (checksum(payload, 0, length) != payloadChecksum) {
            throw new CorruptLogException(path, position, "a record does not match its checksum");
        }
        return payload;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.read(bytes, position);
        return bytes.rewind();
    }

    /** Over the place too: a record that was copied elsewhere is no record. */
    private static int frameChecksum(long position, int length, int payloadChecksum) {
        ByteBuffer covered =
                ByteBuffer.allocate(16).putLong(position).putInt(length).putInt(payloadChecksum);
        return checksum(covered.array(), 0, 16);
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }
}
