package dev.banyan.routing.decide;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and opens {@code 1.uHASH.SEALED} with one signing key: a user's name, encrypted under its own keyed hash.
 *
 * <p>HASH is the synthetic IV of the encryption, as in RFC 5297: 128 bits of HMAC-SHA256 over the user. So one user always gets one
 * cookie, and opening it and computing the hash again proves that nobody else made it.
 */
final class UserSeal {
    static final String PREFIX = "1.u";

    private static final int HASH_BYTES = 16;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Hmac userHash;
    private final SecretKeySpec userKey;

    UserSeal(byte[] hashKey, byte[] cipherKey) {
        userHash = new Hmac(hashKey);
        userKey = new SecretKeySpec(cipherKey, "AES");
    }

    String seal(byte[] name) {
        byte[] hash = hash(name);
        return begin(hash) + BASE64.encodeToString(crypt(Cipher.ENCRYPT_MODE, hash, name));
    }

    /** What every value for that user begins with, and no other. */
    String beginOf(byte[] name) {
        return begin(hash(name));
    }

    private static String begin(byte[] hash) {
        return PREFIX + BASE64.encodeToString(hash) + ".";
    }

    private byte[] hash(byte[] name) {
        return Arrays.copyOf(userHash.of(name), HASH_BYTES);
    }

    /** The user; null if the value was not made with this key. Never throws. */
    @Nullable
    String open(String value) {
        int dot = value.indexOf('.', PREFIX.length());
        if (dot < 0) {
            return null;
        }
        try {
            byte[] hash = Base64.getUrlDecoder().decode(value.substring(PREFIX.length(), dot));
            if (hash.length != HASH_BYTES) {
                return null;
            }
            byte[] name =
                    crypt(Cipher.DECRYPT_MODE, hash, Base64.getUrlDecoder().decode(value.substring(dot + 1)));
            String user = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
            return Signer.same(seal(name), value) ? user : null;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // No base64, or no UTF-8 once opened: not ours.
            return null;
        }
    }

    private byte[] crypt(int mode, byte[] hash, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, userKey, new IvParameterSpec(hash));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/CTR/NoPadding, which every JDK has, failed", e);
        }
    }
}
