package dev.banyan.dataplane.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Bytes of whole lines from one event loop to the one writer thread. */
final class LineRing extends Ring {
    private final byte[] bytes;

    LineRing(int capacityPowerOfTwo) {
        super(capacityPowerOfTwo);
        bytes = new byte[capacityPowerOfTwo];
    }

    /** Called by the loop. */
    Offered offer(byte[] line, int length) {
        long waiting = waiting();
        if (!hasRoom(waiting, length)) {
            return Offered.NO_ROOM;
        }
        int at = slot(written());
        int first = Math.min(length, bytes.length - at);
        System.arraycopy(line, 0, bytes, at, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        return wrote(waiting, length);
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
        long from = taken();
        long to = available();
        if (from == to) {
            return false;
        }
        int at = slot(from);
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
            took(to);
        }
    }

    private LinesLost lost(long from, long reached, long to, IOException cause) {
        int lines = 0;
        for (long each = reached; each < to; each++) {
            lines += bytes[slot(each)] == '\n' ? 1 : 0;
        }
        boolean torn = reached > from && bytes[slot(reached - 1)] != '\n';
        return new LinesLost(lines, torn, cause);
    }

    private static void write(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
