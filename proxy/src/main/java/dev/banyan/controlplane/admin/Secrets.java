package dev.banyan.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes token texts and their hashes. */
final class Secrets {
    /** So that scanners of repositories and logs can tell one when they see it. */
    static final String PREFIX = "bny_";

    private static final int BYTES = 32;

    private final SecureRandom random;

    Secrets(SecureRandom random) {
        this.random = random;
    }

    /** A token's text: 32 random bytes behind the prefix. */
    String token() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(BYTES));
    }

    /** A short name for a token; not secret. */
    String id() {
        return HexFormat.of().formatHex(bytes(6));
    }

    /** A plain hash is enough: what is hashed is random already, so there is nothing to guess slowly. */
    static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
