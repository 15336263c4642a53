package dev.banyan.legacystub.rails;

import java.nio.charset.StandardCharsets;

/** The bytes of a request or an answer. Whoever hands them over no longer changes them. */
public final class Body {

    static final Body EMPTY = new Body(new byte[0]);

    private final byte[] bytes;

    private Body(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Body of(byte[] bytes) {
        return new Body(bytes);
    }

    static Body of(String text) {
        return new Body(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }
}
