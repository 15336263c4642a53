package dev.banyan.legacystub.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ActionDispatch::Session::CookieStore of the money app. */
public final class SessionCookie {

    public static final String NAME = "_money_session";

    private static final Pattern BETWEEN_COOKIES = Pattern.compile("; *");

    private final EncryptedCookie cookie;
    private final SecureRandom random;

    public SessionCookie(String secretKeyBase, Clock clock, SecureRandom random) {
        this.cookie = new EncryptedCookie(NAME, secretKeyBase, clock, random);
        this.random = random;
    }

    /** The session that a Cookie header carries; an empty one if it carries none that is sound. */
    public Session sessionOf(@Nullable String cookieHeader) {
        String value = cookieHeader == null ? null : firstNamed(cookieHeader);
        ObjectNode content = value == null ? null : cookie.open(value);
        // Rails takes a session without an id for no session.
        boolean exists = content != null && content.hasNonNull("session_id");
        return new Session(exists && content != null ? content : JsonNodeFactory.instance.objectNode(), random);
    }

    /** The Set-Cookie header; another one at each call, for its IV is new. */
    public String setCookie(Session session) {
        return NAME + "=" + cookie.seal(session.content()) + "; path=/; HttpOnly; SameSite=Lax";
    }

    /** Of two cookies of one name Rack takes the first. */
    private static @Nullable String firstNamed(String cookieHeader) {
        for (String pair : BETWEEN_COOKIES.split(cookieHeader, -1)) {
            if (pair.strip().startsWith(NAME + "=")) {
                return pair.strip().substring(NAME.length() + 1);
            }
        }
        return null;
    }
}
