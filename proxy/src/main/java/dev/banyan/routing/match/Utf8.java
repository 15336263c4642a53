package dev.banyan.routing.match;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text in paths, as bytes: UTF-8, whoever wrote it. */
public final class Utf8 {
    private static final int LAST_OF_ASCII = 0x7F;

    private Utf8() {}

    /** The text with all that is not ASCII percent-encoded. */
    public static String escaped(String text) {
        if (isAscii(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0) {
                escaped.append("%%%02X".formatted(b & 0xFF));
            } else {
                escaped.append((char) b);
            }
        }
        return escaped.toString();
    }

    public static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c <= LAST_OF_ASCII);
    }

    static boolean isValid(byte[] bytes, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
