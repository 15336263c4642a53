package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256. */
final class Digests {
    private Digests() {}

    /** Of two texts with a zero byte between them, as lower-case hex. */
    static String hex(String first, String second) {
        return hex(begun(first), second);
    }

    /** The same of a first text that was begun with before, and can be gone on from again. */
    static String hex(MessageDigest begun, String second) {
        try {
            MessageDigest both = (MessageDigest) begun.clone();
            return HexFormat.of().formatHex(both.digest(second.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of every JDK can be cloned", e);
        }
    }

    static MessageDigest begun(String first) {
        MessageDigest digest = Sha256.begun();
        digest.update(first.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return digest;
    }
}
