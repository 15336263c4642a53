package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.HeadBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** Writes frames. Small ones are gathered in one buffer, so that a head, its body and what else is due leave in one write. */
final class FrameWriter {
    private static final int GATHERED_BYTES = 16 * 1024;
    private static final int COPIED_DATA_BYTES = 4096;
    private static final int SETTING_BYTES = 6;

    private final Channel channel;
    private @Nullable ByteBuf gathered;
    private int peerFrameBytes = FrameType.DEFAULT_FRAME_BYTES;
    private boolean closed;
    private boolean dirty;

    FrameWriter(Channel channel) {
        this.channel = channel;
    }

    /** The largest frame that the peer takes. */
    void peerFrameBytes(int bytes) {
        // More than the default would make streams wait for each other, and gains nothing.
        peerFrameBytes = Math.min(bytes, FrameType.DEFAULT_FRAME_BYTES);
    }

    int peerFrameBytes() {
        return peerFrameBytes;
    }

    /** The preface of a client. */
    void preface(byte[] bytes) {
        room(bytes.length).writeBytes(bytes);
    }

    /** @param idsAndValues one after the other */
    void settings(int... idsAndValues) {
        ByteBuf out = frame(idsAndValues.length / 2 * SETTING_BYTES, FrameType.SETTINGS, 0, 0);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            out.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
    }

    void settingsAcknowledged() {
        frame(0, FrameType.SETTINGS, FrameType.ACK, 0);
    }

    void ping(long content) {
        frame(Long.BYTES, FrameType.PING, 0, 0).writeLong(content);
    }

    void pingAcknowledged(long content) {
        frame(Long.BYTES, FrameType.PING, FrameType.ACK, 0).writeLong(content);
    }

    void reset(int stream, Http2Error error) {
        frame(Integer.BYTES, FrameType.RST_STREAM, 0, stream).writeInt((int) error.code());
    }

    void windowUpdate(int stream, int increment) {
        frame(Integer.BYTES, FrameType.WINDOW_UPDATE, 0, stream).writeInt(increment);
    }

    /** @param detail in ASCII, for whoever looks into a trace */
    void goAway(int lastStream, Http2Error error, String detail) {
        ByteBuf out = frame(2 * Integer.BYTES + detail.length(), FrameType.GOAWAY, 0, 0);
        out.writeInt(lastStream).writeInt((int) error.code());
        ByteBufUtil.writeAscii(out, detail);
    }

    void headers(int stream, HeadBytes block, boolean endStream) {
        int from = 0;
        int type = FrameType.HEADERS;
        int flags = endStream ? FrameType.END_STREAM : 0;
        do {
            int n = Math.min(block.length() - from, peerFrameBytes);
            boolean last = from + n == block.length();
            block.writeTo(frame(n, type, flags | (last ? FrameType.END_HEADERS : 0), stream), from, n);
            from += n;
            type = FrameType.CONTINUATION;
            flags = 0;
        } while (from < block.length());
    }

    /** The head of a DATA frame, whose content must follow by {@link #dataContent}. */
    void dataHead(int stream, int length, boolean endStream) {
        frame(0, length, FrameType.DATA, endStream ? FrameType.END_STREAM : 0, stream);
    }

    /** Takes ownership of {@code content}. */
    void dataContent(ByteBuf content) {
        if (closed || content.readableBytes() <= COPIED_DATA_BYTES) {
            room(content.readableBytes()).writeBytes(content);
            content.release();
            return;
        }
        handOver();
        dirty = true;
        channel.write(content, channel.voidPromise());
    }

    void flush() {
        handOver();
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    /** The connection is gone: what waits goes nowhere. */
    void close() {
        closed = true;
        ByteBuf waiting = gathered;
        gathered = null;
        if (waiting != null) {
            waiting.release();
        }
    }

    private void handOver() {
        ByteBuf waiting = gathered;
        if (waiting == null || closed) {
            return;
        }
        gathered = null;
        dirty = true;
        channel.write(waiting, channel.voidPromise());
    }

    private ByteBuf frame(int length, int type, int flags, int stream) {
        return frame(length, length, type, flags, stream);
    }

    private ByteBuf frame(int follows, int length, int type, int flags, int stream) {
        return room(FrameType.HEADER_BYTES + follows)
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream);
    }

    private ByteBuf room(int bytes) {
        if (closed) {
            return Unpooled.buffer(bytes); // collected like any other object
        }
        ByteBuf waiting = gathered;
        if (waiting != null && waiting.readableBytes() + bytes > GATHERED_BYTES) {
            handOver();
            waiting = null;
        }
        if (waiting == null) {
            waiting = channel.alloc().directBuffer(Math.max(1024, bytes), Integer.MAX_VALUE);
            gathered = waiting;
        }
        return waiting;
    }
}
