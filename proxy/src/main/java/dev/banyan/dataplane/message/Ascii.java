package dev.banyan.dataplane.message;

import java.nio.charset.StandardCharsets;

/** Byte classes of HTTP (RFC 9110, 5.6) and comparisons that fold ASCII case. */
public final class Ascii {
    /** Bit of {@link #classOf}: may stand in a token (RFC 9110, 5.6.2). */
    public static final int TOKEN = 1;

    /** Bit of {@link #classOf}: may stand in a field value: visible, space, tab, obs-text (RFC 9110, 5.5). */
    public static final int VALUE = 2;

    /** Bit of {@link #classOf}: may stand in a request target: visible ASCII but the fragment's mark. */
    public static final int TARGET = 4;

    /** Bit of {@link #classOf}: an underscore, which Rack takes for a hyphen. */
    public static final int UNDERSCORE = 8;

    /** Bit of {@link #classOf}: over 0x7F. In a target it stands for its percent-encoding. */
    public static final int HIGH = 16;

    private static final byte[] CLASSES = new byte[256];

    static {
        for (int c = '!'; c <= '~'; c++) {
            CLASSES[c] |= VALUE;
            if (c != '#') {
                CLASSES[c] |= TARGET;
            }
            if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
                CLASSES[c] |= TOKEN;
            }
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            CLASSES[c] |= TOKEN;
        }
        CLASSES['_'] |= UNDERSCORE;
        CLASSES[' '] |= VALUE;
        CLASSES['\t'] |= VALUE;
        for (int c = 0x80; c <= 0xff; c++) {
            CLASSES[c] |= VALUE | HIGH;
        }
    }

    private Ascii() {}

    public static int classOf(byte b) {
        return CLASSES[b & 0xff];
    }

    /** The value of a hexadecimal digit; -1 if it is none. */
    public static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether the bytes spell {@code lowerCase}, whatever the case of their letters. */
    public static boolean equalsIgnoreCase(byte[] bytes, int start, int end, byte[] lowerCase) {
        if (end - start != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = bytes[start + i];
            if (b >= 'A' && b <= 'Z') {
                b |= 0x20;
            }
            if (b != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes the same bytes into an array that has room for them; returns where they end. */
    @SuppressWarnings(
            "deprecation") // takes the lower byte of each character, which is all of it here, and makes no array
    public static int write(String text, byte[] into, int at) {
        int length = text.length();
        text.getBytes(0, length, into, at);
        return at + length;
    }
}
