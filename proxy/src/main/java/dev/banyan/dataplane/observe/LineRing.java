package dev.banyan.dataplane.observe;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes of whole lines from one event loop to the one writer thread, without a lock. What does not fit is dropped: a slow disk must
 * not become a slow request.
 */
final class LineRing {
    private static final VarHandle WRITTEN;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(LineRing.class, "written", long.class);
            TAKEN = lookup.findVarHandle(LineRing.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte[] bytes;
    private final int mask;

    // Totals since the start, so that neither ever wraps: each is written by one thread and read by the other.
    private long written;
    private long taken;

    LineRing(int capacityPowerOfTwo) {
        if (Integer.bitCount(capacityPowerOfTwo) != 1) {
            throw new IllegalArgumentException("capacity: " + capacityPowerOfTwo + " (expected: a power of two)");
        }
        bytes = new byte[capacityPowerOfTwo];
        mask = capacityPowerOfTwo - 1;
    }

    /** What became of a line. */
    enum Outcome {
        KEPT,
        /** Kept, and with it more than half of the ring is full, for the first time since the writer was here. */
        HALF_FULL,
        /** Dropped. */
        NO_ROOM
    }

    /** Called by the loop. */
    Outcome offer(byte[] line, int length) {
        long from = written;
        long waiting = from - (long) TAKEN.getAcquire(this);
        if (bytes.length - waiting < length) {
            return Outcome.NO_ROOM;
        }
        int at = (int) from & mask;
        int first = Math.min(length, bytes.length - at);
        System.arraycopy(line, 0, bytes, at, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        WRITTEN.setRelease(this, from + length);
        int half = bytes.length / 2;
        return waiting <= half && waiting + length > half ? Outcome.HALF_FULL : Outcome.KEPT;
    }

    /** What could not be written is gone: a full disk loses lines, never memory. */
    static final class LinesLost extends Exception {
        private static final long serialVersionUID = 1;

        private final int lines;
        private final boolean torn;

        private LinesLost(int lines, boolean torn, IOException cause) {
            super(cause);
            this.lines = lines;
            this.torn = torn;
        }

        int lines() {
            return lines;
        }

        /** Whether the channel ends in the middle of the first of them. */
        boolean torn() {
            return torn;
        }
    }

    /** Writes all that is there; whether there was anything. Called by the writer. */
    boolean drainTo(WritableByteChannel channel) throws LinesLost {
        long from = taken;
        long to = (long) WRITTEN.getAcquire(this);
        if (from == to) {
            return false;
        }
        int at = (int) from & mask;
        int length = (int) (to - from);
        int first = Math.min(length, bytes.length - at);
        ByteBuffer one = ByteBuffer.wrap(bytes, at, first);
        ByteBuffer other = ByteBuffer.wrap(bytes, 0, length - first);
        try {
            write(channel, one);
            write(channel, other);
            return true;
        } catch (IOException e) {
            throw lost(from, to - one.remaining() - other.remaining(), to, e);
        } finally {
            TAKEN.setRelease(this, to);
        }
    }

    private LinesLost lost(long from, long reached, long to, IOException cause) {
        int lines = 0;
        for (long each = reached; each < to; each++) {
            lines += bytes[(int) each & mask] == '\n' ? 1 : 0;
        }
        boolean torn = reached > from && bytes[(int) (reached - 1) & mask] != '\n';
        return new LinesLost(lines, torn, cause);
    }

    private static void write(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
