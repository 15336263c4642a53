package dev.banyan.legacystub.rails;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Percent-encoding in paths, queries and forms. */
public final class UrlEncoded {

    private UrlEncoded() {}

    /** What was encoded wrongly stays as it is: {@link #isSound} has refused it before. */
    public static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : text.split("[&;]", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                fields.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    public static String decode(String text) {
        try {
            return utf8(URLDecoder.decode(text, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Whether every escape is one, and all together are UTF-8; Rails answers 400 to anything else. */
    public static boolean isSound(String text) {
        try {
            byte[] bytes = URLDecoder.decode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }

    /** Bytes that were read as Latin 1, read as UTF-8. */
    static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
