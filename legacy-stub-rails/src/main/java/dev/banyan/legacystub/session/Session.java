package dev.banyan.legacystub.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One request's session. Whoever looks into it loads it, and what was loaded is written again. */
public final class Session {

    private final SecureRandom random;
    private ObjectNode content;
    private boolean loaded;

    Session(ObjectNode content, SecureRandom random) {
        this.content = content;
        this.random = random;
    }

    public @Nullable String userId() {
        loaded = true;
        JsonNode user = content.get("user_id");
        return user == null || user.isNull() ? null : user.asText();
    }

    /** A new session for that user: the old one could have been planted (session fixation). */
    public void logIn(long userId) {
        reset();
        content.put("user_id", userId);
        csrfToken();
    }

    /** An empty session under a new id. */
    public void reset() {
        loaded = true;
        content = JsonNodeFactory.instance.objectNode();
        content.put("session_id", HexFormat.of().formatHex(bytes(16)));
    }

    /** The token of this session, made when first asked for. */
    public String csrfToken() {
        loaded = true;
        if (content.isEmpty()) {
            reset();
        }
        if (!content.has("_csrf_token")) {
            content.put("_csrf_token", Base64.getEncoder().encodeToString(bytes(32)));
        }
        return content.get("_csrf_token").asText();
    }

    /** The token as it stands in a page: under a new mask each time, so that compression betrays nothing (BREACH). */
    public String maskedCsrfToken() {
        byte[] token = Base64.getDecoder().decode(csrfToken());
        byte[] masked = new byte[2 * token.length];
        byte[] pad = bytes(token.length);
        for (int i = 0; i < token.length; i++) {
            masked[i] = pad[i];
            masked[token.length + i] = (byte) (pad[i] ^ token[i]);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(masked);
    }

    /** An anonymous client that was only looked at gets no cookie. */
    public boolean isToBeWritten() {
        return loaded && !content.isEmpty();
    }

    ObjectNode content() {
        return content;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
