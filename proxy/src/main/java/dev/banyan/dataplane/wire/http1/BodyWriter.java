package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.rules.ForwardableTrailers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Writes one message at a time onto a connection: its head, and its body framed. Writes without flushing. */
final class BodyWriter {
    private static final ByteBuf CRLF = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");
    private static final byte[] LAST_CHUNK_LINE = Ascii.bytes("0\r\n");
    private static final int SIZE_LINE_BYTES = 10;
    private static final int SMALL_BYTES = 1024;
    private static final int GATHERED_BYTES = 8 * SMALL_BYTES;

    private Framing framing = Framing.NONE;
    private @Nullable ByteBuf head;

    /** Small pieces that came since the last flush: each as a write of its own would cost as much as a large one. */
    private @Nullable ByteBuf small;

    private boolean gathering;

    /** Begins with the head, which waits for the first bytes of the body. Takes ownership of {@code head}. */
    void begin(ByteBuf head, Framing framing) {
        this.head = head;
        this.framing = framing;
    }

    /** Whether the end of the connection is the end of the body. */
    boolean endsWithConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** Takes ownership of {@code data}. */
    void data(Channel channel, ByteBuf data) {
        int size = data.readableBytes();
        if (size == 0 || framing == Framing.NONE) {
            data.release();
            return;
        }
        if (goesWithHead(data, size)) {
            return;
        }
        if (size <= SMALL_BYTES) {
            gather(channel, data, size);
            return;
        }
        settle(channel);
        write(channel, data, size);
    }

    /** The first waits as it is, since most stay alone until the flush. */
    private void gather(Channel channel, ByteBuf data, int size) {
        if (small != null && gathering && small.writableBytes() < size) {
            settle(channel);
        }
        ByteBuf before = small;
        if (before == null) {
            small = data;
            gathering = false;
            return;
        }
        if (!gathering) {
            ByteBuf all = channel.alloc().directBuffer(GATHERED_BYTES, GATHERED_BYTES);
            all.writeBytes(before);
            before.release();
            before = all;
            small = all;
            gathering = true;
        }
        before.writeBytes(data);
        data.release();
    }

    private void write(Channel channel, ByteBuf data, int size) {
        if (framing != Framing.CHUNKED) {
            channel.write(data, channel.voidPromise());
            return;
        }
        ByteBuf line = channel.alloc().directBuffer(SIZE_LINE_BYTES);
        hexadecimal(line, size);
        channel.write(line, channel.voidPromise());
        channel.write(data, channel.voidPromise());
        channel.write(CRLF.duplicate(), channel.voidPromise());
    }

    private boolean goesWithHead(ByteBuf data, int size) {
        ByteBuf waiting = head;
        if (waiting == null || framing != Framing.LENGTH || size > waiting.writableBytes()) {
            return false;
        }
        waiting.writeBytes(data);
        data.release();
        return true;
    }

    /** Writes what still waits. Before every flush. */
    void settle(Channel channel) {
        ByteBuf waiting = head;
        if (waiting != null) {
            head = null;
            channel.write(waiting, channel.voidPromise());
        }
        ByteBuf pieces = small;
        if (pieces != null) {
            small = null;
            write(channel, pieces, pieces.readableBytes());
        }
    }

    /** The connection is gone: what still waits goes nowhere. */
    void close() {
        release(head);
        head = null;
        release(small);
        small = null;
    }

    private static void release(@Nullable ByteBuf waiting) {
        if (waiting != null) {
            waiting.release();
        }
    }

    void end(Channel channel, @Nullable Head trailers) {
        settle(channel);
        if (framing != Framing.CHUNKED) {
            return;
        }
        if (trailers == null) {
            channel.write(LAST_CHUNK.duplicate(), channel.voidPromise());
            return;
        }
        ByteBuf out = channel.alloc().directBuffer(trailers.length() + SIZE_LINE_BYTES);
        out.writeBytes(LAST_CHUNK_LINE);
        for (int i = 0; i < trailers.count(); i++) {
            if (ForwardableTrailers.include(trailers, i)) {
                out.writeBytes(trailers.bytes(), trailers.nameStart(i), trailers.nameEnd(i) - trailers.nameStart(i));
                out.writeByte(':').writeByte(' ');
                out.writeBytes(trailers.bytes(), trailers.valueStart(i), trailers.valueEnd(i) - trailers.valueStart(i));
                out.writeByte('\r').writeByte('\n');
            }
        }
        out.writeByte('\r').writeByte('\n');
        channel.write(out, channel.voidPromise());
    }

    private static void hexadecimal(ByteBuf out, int number) {
        int shift = (31 - Integer.numberOfLeadingZeros(number)) / 4 * 4;
        for (; shift >= 0; shift -= 4) {
            int digit = number >>> shift & 0xf;
            out.writeByte(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        out.writeByte('\r').writeByte('\n');
    }

    private static ByteBuf constant(String text) {
        byte[] bytes = Ascii.bytes(text);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
    }
}
