package dev.banyan.routing.decide;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the cookie {@code banyan}: who the client is to the canary, as long as nobody knows the user.
 *
 * <ul>
 *   <li>{@code 1.aID.SIGNATURE}: a random id, for a client that was never seen with a user. Its sticky key is {@code cookie:ID}.
 *   <li>{@code 1.uHASH.SEALED}: the last user seen, as a keyed hash, and under it the user's id, encrypted. Its sticky key is the user's,
 *       {@code user:42}: so a client that logs out is to the canary, and to the list of pilots, who it was before. The hash alone would
 *       not do: the bucket is the same on every replica, in a shell and after a change of the secret because no secret goes into it, so it
 *       cannot be had from a keyed hash.
 * </ul>
 *
 * <p>HASH is the synthetic IV of the encryption, as in RFC 5297: 128 bits of HMAC-SHA256 over the user. So one user always gets one
 * cookie, and opening it and computing the hash again proves that nobody else made it. It says nothing of who is logged in, and only the
 * canary may ask it.
 */
final class StickyCookie {
    static final String NAME = "banyan";

    private static final int MAX_CHARS = 512;
    private static final int MAX_USER_BYTES = 192;
    private static final int ID_BYTES = 16;
    private static final int HASH_BYTES = 16;
    private static final String ANONYMOUS = "1.a";
    private static final String USER = "1.u";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Signer ids;
    private final Hmac userHash;
    private final SecretKeySpec userKey;

    StickyCookie(SigningKeys keys) {
        ids = new Signer(keys, "sticky id", MAX_CHARS);
        userHash = new Hmac(keys.derive("sticky user hash"));
        userKey = new SecretKeySpec(keys.derive("sticky user seal"), "AES");
    }

    /** A value for a client that nobody knows. */
    String newId(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return ids.sign(ANONYMOUS + BASE64.encodeToString(id));
    }

    /** The value for a user; null if the user's name is too long for a cookie. */
    @Nullable
    String ofUser(String user) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_USER_BYTES) {
            return null;
        }
        byte[] hash = hash(name);
        return USER + BASE64.encodeToString(hash) + "." + BASE64.encodeToString(crypt(Cipher.ENCRYPT_MODE, hash, name));
    }

    /**
     * Whether a value stands for that user: by the hash alone, since this is asked of every request of a user who is logged in, and
     * opening the rest costs several times as much. Who spoils the rest of his own cookie is anonymous once logged out.
     */
    boolean isOf(String user, String value) {
        String begin = USER + BASE64.encodeToString(hash(user.getBytes(StandardCharsets.UTF_8))) + ".";
        return value.length() > begin.length() && Signer.same(value.substring(0, begin.length()), begin);
    }

    private byte[] hash(byte[] name) {
        return Arrays.copyOf(userHash.of(name), HASH_BYTES);
    }

    /** The sticky key that a value stands for; null if it is not one of ours. Never throws. */
    @Nullable
    String stickyKey(String value) {
        if (value.length() > MAX_CHARS) {
            return null;
        }
        if (value.startsWith(ANONYMOUS)) {
            String text = ids.open(value);
            return text == null ? null : StickyKey.ofCookie(text.substring(ANONYMOUS.length()));
        }
        String user = value.startsWith(USER) ? user(value) : null;
        return user == null ? null : StickyKey.ofUser(user);
    }

    private @Nullable String user(String value) {
        int dot = value.indexOf('.', USER.length());
        if (dot < 0) {
            return null;
        }
        try {
            byte[] hash = Base64.getUrlDecoder().decode(value.substring(USER.length(), dot));
            if (hash.length != HASH_BYTES) {
                return null;
            }
            byte[] name =
                    crypt(Cipher.DECRYPT_MODE, hash, Base64.getUrlDecoder().decode(value.substring(dot + 1)));
            String user = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
            String genuine = ofUser(user);
            return genuine != null && Signer.same(genuine, value) ? user : null;
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
