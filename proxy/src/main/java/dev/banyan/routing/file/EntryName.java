package dev.banyan.routing.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a file is called, read from the bytes of its name as UTF-8, whatever locale the process was started in. Under {@code LC_ALL=C},
 * as under systemd, Java shows every byte over 0x7F as the same replacement character, and cannot open what it shows.
 *
 * @param text as a user would type it; percent-encoded if the name is no UTF-8
 */
record EntryName(String text, boolean isUtf8) {
    private static final boolean JAVA_READS_UTF8 =
            "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", "UTF-8"));

    static EntryName of(Path entry) {
        String asJavaSees = String.valueOf(entry.getFileName());
        if (asJavaSees.chars().allMatch(c -> c < 0x80) || (JAVA_READS_UTF8 && !asJavaSees.contains("\uFFFD"))) {
            return new EntryName(asJavaSees, true);
        }
        // Of all that a Path tells, only its URI is made of the bytes themselves. That of a directory ends with a
        // slash.
        String uri = entry.toUri().getRawPath();
        String encoded = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        String last = encoded.substring(encoded.lastIndexOf('/') + 1);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(decoded(last));
            return new EntryName(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), true);
        } catch (CharacterCodingException e) {
            return new EntryName(last, false);
        }
    }

    private static byte[] decoded(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
