package dev.banyan.legacystub.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.json.RailsJson;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An encrypted cookie of Rails 6.1: AES-256-GCM, the JSON serializer, and an envelope that says which cookie it is for.
 *
 * <p>{@code b64(ciphertext)--b64(iv)--b64(tag)} of {@code {"_rails":{"message":b64(json),"exp":null,"pur":"cookie.NAME"}}}.
 * The key is derived with SHA-1, as up to {@code load_defaults 6.1}.
 */
public final class EncryptedCookie {

    private static final String SALT = "authenticated encrypted cookie";
    private static final int ITERATIONS = 1000;
    private static final int KEY_BITS = 256;
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final SecretKeySpec key;
    private final String purpose;
    private final Clock clock;
    private final SecureRandom random;

    public EncryptedCookie(String name, String secretKeyBase, Clock clock, SecureRandom random) {
        this.key = deriveKey(secretKeyBase);
        this.purpose = "cookie." + name;
        this.clock = clock;
        this.random = random;
    }

    /** The content of a cookie's value, still escaped; null for anything that was not sealed for this cookie. */
    public @Nullable ObjectNode open(String escaped) {
        byte[] plain = decrypt(unescape(escaped));
        return plain == null ? null : payload(plain);
    }

    /** The value, escaped for a Set-Cookie header. */
    public String seal(ObjectNode content) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("message", Base64.getEncoder().encodeToString(RailsJson.bytes(content)));
        message.putNull("exp");
        message.put("pur", purpose);
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.set("_rails", message);
        return URLEncoder.encode(encrypt(RailsJson.bytes(envelope)), StandardCharsets.UTF_8);
    }

    private @Nullable ObjectNode payload(byte[] plain) {
        JsonNode document = RailsJson.parse(plain);
        JsonNode envelope = document == null ? null : document.get("_rails");
        if (envelope == null) {
            // Rails 5.2 wrote no envelope, and 6.1 still takes that.
            return object(document);
        }
        byte[] message = strictBase64(envelope.path("message").asText());
        boolean ours = isForUs(envelope.path("pur")) && isStillGood(envelope.path("exp"));
        return ours && message != null ? object(RailsJson.parse(message)) : null;
    }

    private boolean isForUs(JsonNode givenPurpose) {
        return givenPurpose.isMissingNode()
                || givenPurpose.isNull()
                || givenPurpose.asText().equals(purpose);
    }

    private boolean isStillGood(JsonNode expiry) {
        if (expiry.isMissingNode() || expiry.isNull()) {
            return true;
        }
        try {
            return clock.instant().isBefore(Instant.parse(expiry.asText()));
        } catch (DateTimeException e) {
            return false;
        }
    }

    private byte @Nullable [] decrypt(String wire) {
        String[] parts = wire.split("--", -1);
        if (parts.length != 3) {
            return null;
        }
        byte[] text = strictBase64(parts[0]);
        byte[] iv = strictBase64(parts[1]);
        byte[] tag = strictBase64(parts[2]);
        // A shorter tag that is right so far could be guessed byte by byte.
        if (text == null || iv == null || tag == null || iv.length != IV_BYTES || tag.length != TAG_BYTES) {
            return null;
        }
        byte[] sealed = Arrays.copyOf(text, text.length + TAG_BYTES);
        System.arraycopy(tag, 0, sealed, text.length, TAG_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, iv).doFinal(sealed);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private String encrypt(byte[] plain) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv).doFinal(plain);
            Base64.Encoder base64 = Base64.getEncoder();
            int tagAt = sealed.length - TAG_BYTES;
            return base64.encodeToString(Arrays.copyOf(sealed, tagAt)) + "--" + base64.encodeToString(iv) + "--"
                    + base64.encodeToString(Arrays.copyOfRange(sealed, tagAt, sealed.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES/GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, iv));
        return cipher;
    }

    private static @Nullable ObjectNode object(@Nullable JsonNode node) {
        return node instanceof ObjectNode object ? object : null;
    }

    private static byte @Nullable [] strictBase64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // Ruby's strict_decode64 wants the padding; the JDK does not mind its absence.
            return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String unescape(String escaped) {
        try {
            return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return escaped;
        }
    }

    private static SecretKeySpec deriveKey(String secretKeyBase) {
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                    .generateSecret(new PBEKeySpec(
                            secretKeyBase.toCharArray(), SALT.getBytes(StandardCharsets.UTF_8), ITERATIONS, KEY_BITS))
                    .getEncoded();
            return new SecretKeySpec(key, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA1", e);
        }
    }
}
