package dev.banyan.routing.decide;

import java.nio.charset.StandardCharsets;

/** The secret behind Banyan's own cookies: sticky, fence and forced side. Replicas share it. It never comes out again. */
public final class SigningKeys {
    public static final int MIN_BYTES = 32;

    private final Hmac secret;

    /**
     * Keys from a secret.
     *
     * @param secret at least 32 bytes; a key of its own is derived from it for each use
     */
    public SigningKeys(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("secret: " + secret.length + " bytes (expected: >= " + MIN_BYTES + ")");
        }
        this.secret = new Hmac(secret);
    }

    /** The key for one use; knowing it helps with no other. */
    byte[] derive(String use) {
        return secret.of(("banyan " + use).getBytes(StandardCharsets.UTF_8));
    }
}
