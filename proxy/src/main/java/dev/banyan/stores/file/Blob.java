package dev.banyan.stores.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A text that many revisions share, kept once. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to and from a file; never compared
record Blob(String digest, byte[] bytes) {
    static final int DIGEST_BYTES = 32;

    static Blob of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return new Blob(
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                    bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
