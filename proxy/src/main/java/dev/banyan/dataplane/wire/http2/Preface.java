package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Ascii;
import io.netty.buffer.ByteBuf;

/** What a client begins with (RFC 9113, 3.4). */
final class Preface {
    private static final byte[] BYTES = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    static final int LENGTH = BYTES.length;

    private int left;

    private Preface(int left) {
        this.left = left;
    }

    /** One that has not come yet. */
    static Preface expected() {
        return new Preface(LENGTH);
    }

    /** Servers have none. */
    static Preface none() {
        return new Preface(0);
    }

    /** Not to be changed. */
    static byte[] bytes() {
        return BYTES;
    }

    /** The length of the preface that {@code in} begins with as far as it goes; -1 if it begins otherwise. */
    static int match(ByteBuf in) {
        int n = Math.min(in.readableBytes(), LENGTH);
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != BYTES[i]) {
                return -1;
            }
        }
        return n;
    }

    boolean isComplete() {
        return left == 0;
    }

    /** Takes as much of it as has come; false if that is something else. */
    boolean read(ByteBuf in) {
        while (left > 0 && in.isReadable()) {
            if (in.readByte() != BYTES[LENGTH - left]) {
                return false;
            }
            left--;
        }
        return true;
    }
}
