package dev.banyan.dataplane.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * A head under construction, in an array that each event loop uses again: a dozen small copies into an array and one into a buffer
 * cost less than a dozen into a buffer.
 */
public final class HeadBytes {
    private static final FastThreadLocal<HeadBytes> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected HeadBytes initialValue() {
            return new HeadBytes();
        }
    };
    private static final int LONGEST_DECIMAL = 19;

    private byte[] bytes = new byte[2048];
    private int length;

    private HeadBytes() {}

    /** An empty one. Done with before anybody else on the loop asks for one. */
    public static HeadBytes begin() {
        HeadBytes own = OF_LOOP.get();
        own.length = 0;
        return own;
    }

    public HeadBytes add(byte[] more) {
        return add(more, 0, more.length);
    }

    public HeadBytes add(byte[] more, int from, int count) {
        room(count);
        System.arraycopy(more, from, bytes, length, count);
        length += count;
        return this;
    }

    public HeadBytes add(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    public HeadBytes add(String text) {
        room(text.length());
        length = Ascii.write(text, bytes, length);
        return this;
    }

    public HeadBytes decimal(long number) {
        room(LONGEST_DECIMAL);
        long scale = 1;
        while (number / scale >= 10) {
            scale *= 10;
        }
        for (; scale > 0; scale /= 10) {
            bytes[length++] = (byte) ('0' + number / scale % 10);
        }
        return this;
    }

    public int length() {
        return length;
    }

    public byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    /** Copies a part of it. */
    public void writeTo(ByteBuf out, int from, int count) {
        out.writeBytes(bytes, from, count);
    }

    /** In a buffer of its own, with so much room behind; the caller owns it. */
    public ByteBuf inBuffer(ByteBufAllocator allocator, int room) {
        return allocator.directBuffer(length + room).writeBytes(bytes, 0, length);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
