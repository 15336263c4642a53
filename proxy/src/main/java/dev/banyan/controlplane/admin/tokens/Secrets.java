package dev.banyan.controlplane.admin.tokens;

import dev.banyan.routing.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes token texts and their hashes. */
public final class Secrets {
    /** So that scanners of repositories and logs can tell one when they see it. */
    static final String PREFIX = "bny_";

    /** What a token's text hides at least. */
    public static final int BYTES = 32;

    private final SecureRandom random;

    Secrets(SecureRandom random) {
        this.random = random;
    }

    /** A token's text: 32 random bytes behind the prefix. */
    String token() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(BYTES));
    }

    /** How many bytes a token's text hides; 0 if it is none that was made here. */
    public static int secretBytes(String token) {
        if (!token.startsWith(PREFIX)) {
            return 0;
        }
        try {
            return Base64.getUrlDecoder().decode(token.substring(PREFIX.length())).length;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** A short name for a token; not secret. */
    String id() {
        return HexFormat.of().formatHex(bytes(6));
    }

    /**
     * Plain and fast on purpose. A slow, salted hash (bcrypt, Argon2) makes up for what people choose as passwords; 256 random bits cannot
     * be guessed at any speed, and are unlike any other token's, so there is nothing that a salt could hide. And it is computed on the
     * event loop for every request: a slow one would be a way to keep an operator from a freeze.
     */
    public static String hash(String token) {
        return Sha256.hex(token);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
