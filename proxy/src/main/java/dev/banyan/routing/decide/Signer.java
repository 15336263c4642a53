package dev.banyan.routing.decide;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs short texts: {@code TEXT.SIGNATURE}, the signature 128 bits of HMAC-SHA256 in base64url. The text says its version itself.
 */
final class Signer {
    private static final int SIGNATURE_BYTES = 16;

    /** One a signing key; the first signs, every one verifies. */
    private final List<Hmac> hmacs;

    private final int maxChars;

    /**
     * For one kind of token.
     *
     * @param use the key's; a token signed for one use is none for another
     * @param maxChars a longer token is not looked at
     */
    Signer(SigningKeys keys, String use, int maxChars) {
        this.hmacs = keys.derive(use).stream().map(Hmac::new).toList();
        this.maxChars = maxChars;
    }

    String sign(String text) {
        return text + "." + signature(hmacs.get(0), text);
    }

    /** The text, if the token is genuine; null for anything else whatever. */
    @Nullable
    String open(String token) {
        int dot = token.lastIndexOf('.');
        if (dot < 0 || token.length() > maxChars) {
            return null;
        }
        String text = token.substring(0, dot);
        // As text and not as bytes: base64 leaves bits over that any of several letters would decode alike.
        String signature = token.substring(dot + 1);
        for (Hmac hmac : hmacs) {
            if (same(signature(hmac, text), signature)) {
                return text;
            }
        }
        return null;
    }

    /** The same signed with the key that signs now; null if the token is that already. */
    @Nullable
    String renewed(String token, String text) {
        if (hmacs.size() == 1) {
            return null;
        }
        String now = sign(text);
        return now.equals(token) ? null : now;
    }

    private static String signature(Hmac hmac, String text) {
        byte[] hash = hmac.of(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, SIGNATURE_BYTES));
    }

    /** In a time that tells nothing about where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
