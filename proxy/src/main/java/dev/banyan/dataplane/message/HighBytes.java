package dev.banyan.dataplane.message;

/**
 * Bytes over 0x7F in a target: what browsers and old clients send for UTF-8, though the grammar wants it escaped (RFC 3986, 2.5). To
 * every server the byte and its escape are the same, so the escape is what is matched, logged and sent.
 */
final class HighBytes {
    private static final byte[] HEX = Ascii.bytes("0123456789ABCDEF");

    private HighBytes() {}

    /** The first {@code length} bytes, those over 0x7F from {@code from} to {@code to} escaped. */
    static byte[] escaped(byte[] bytes, int length, int from, int to) {
        int high = 0;
        for (int i = from; i < to; i++) {
            high += bytes[i] < 0 ? 1 : 0;
        }
        byte[] out = new byte[length + 2 * high];
        System.arraycopy(bytes, 0, out, 0, from);
        int at = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b < 0) {
                out[at++] = '%';
                out[at++] = HEX[b >> 4 & 0xf];
                out[at++] = HEX[b & 0xf];
            } else {
                out[at++] = b;
            }
        }
        System.arraycopy(bytes, to, out, at, length - to);
        return out;
    }
}
