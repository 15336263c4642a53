package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flags;
import dev.banyan.routing.FlagsText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Lower-case hex of SHA-256. */
final class Digests {
    private Digests() {}

    static String of(String baseText, Flags flags) {
        return hex(baseText, FlagsText.of(flags));
    }

    /** Of two texts with a zero byte between them. */
    static String hex(String first, String second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(second.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
