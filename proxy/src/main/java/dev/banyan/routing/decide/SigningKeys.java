package dev.banyan.routing.decide;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The secrets behind Banyan's own cookies: sticky, fence and forced side. Replicas share them. The first signs, every one verifies, so that
 * a new one can take over while cookies of the old one still count. They never come out again.
 */
public final class SigningKeys {
    public static final int MIN_BYTES = 32;

    private final List<Hmac> secrets;

    /**
     * Keys from secrets; for each use, a key of its own is derived from each.
     *
     * @param secrets at least one, each of at least 32 bytes
     */
    public SigningKeys(List<byte[]> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("secrets: none (expected: at least one)");
        }
        this.secrets = secrets.stream().map(SigningKeys::hmac).toList();
    }

    /** Keys from the only secret that there is. */
    public SigningKeys(byte[] secret) {
        this(List.of(secret));
    }

    private static Hmac hmac(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("secret: " + secret.length + " bytes (expected: >= " + MIN_BYTES + ")");
        }
        return new Hmac(secret);
    }

    /** The keys for one use, the one to sign with first; knowing them helps with no other use. */
    List<byte[]> derive(String use) {
        byte[] label = ("banyan " + use).getBytes(StandardCharsets.UTF_8);
        return secrets.stream().map(secret -> secret.of(label)).toList();
    }
}
