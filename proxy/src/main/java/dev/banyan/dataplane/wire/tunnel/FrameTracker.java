package dev.banyan.dataplane.wire.tunnel;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of a WebSocket as they pass, by their lengths only, to know where one ends: a frame of our own may stand between
 * two of theirs, never within one (RFC 6455, 5.2).
 */
final class FrameTracker {
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x8;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int TWO_MORE_BYTES = 126;
    private static final int EIGHT_MORE_BYTES = 127;
    private static final int MASK_BYTES = 4;

    private int headerSeen;
    private int lengthBytes;
    private int headerBytes;
    private long payload;
    private boolean closing;
    private boolean closed;

    /** What passes now; it is only looked at. */
    void passes(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end && !closed) {
            if (inHeader()) {
                header(data.getByte(at) & 0xff);
                at++;
            } else {
                long skipped = Math.min(payload, end - at);
                payload -= skipped;
                at += (int) skipped;
            }
            if (headerSeen > 0 && !inHeader() && payload == 0) {
                headerSeen = 0;
                closed = closing;
            }
        }
    }

    private boolean inHeader() {
        return headerSeen < 2 || headerSeen < headerBytes;
    }

    private void header(int b) {
        headerSeen++;
        if (headerSeen == 1) {
            closing = (b & OPCODE) == CLOSE;
        } else if (headerSeen == 2) {
            int length = b & LENGTH;
            lengthBytes = length == TWO_MORE_BYTES ? 2 : length == EIGHT_MORE_BYTES ? Long.BYTES : 0;
            payload = lengthBytes == 0 ? length : 0;
            headerBytes = 2 + lengthBytes + ((b & MASKED) == 0 ? 0 : MASK_BYTES);
        } else if (headerSeen <= 2 + lengthBytes) {
            // The first bit of eight bytes must be 0; one that is not would never end, and no frame of ours comes
            // after.
            payload = payload << Byte.SIZE | b;
            if (payload < 0) {
                payload = Long.MAX_VALUE;
            }
        }
    }

    /** Whether a frame may be put in here: what has passed ends with a frame, and that was no Close. */
    boolean betweenFrames() {
        return headerSeen == 0 && !closed;
    }
}
