package dev.banyan.testing;

import java.nio.charset.StandardCharsets;

/** Bytes as text, one char each, so that tests can write any of them. */
public final class Bytes {
    /** What the kernel's buffers of two loopback connections may hold, and ours, when nobody reads. */
    public static final long MOST_UNDER_WAY = 24L << 20;

    private Bytes() {}

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** For the names of cases. */
    public static String visible(String raw) {
        StringBuilder visible = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\r' -> visible.append("\\r");
                case '\n' -> visible.append("\\n");
                default -> {
                    if (c < ' ' || c > '~') {
                        visible.append("\\x%02x".formatted((int) c));
                    } else {
                        visible.append(c);
                    }
                }
            }
        }
        return visible.length() > 160 ? visible.substring(0, 160) + "..." : visible.toString();
    }
}
