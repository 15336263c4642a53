package dev.banyan.stores.file;

import dev.banyan.routing.Sha256;
import java.nio.charset.StandardCharsets;

/** A text that many revisions share, kept once. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to and from a file; never compared
record Blob(String digest, byte[] bytes) {
    static final int DIGEST_BYTES = 32;

    static Blob of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Blob(Sha256.hex(bytes), bytes);
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
