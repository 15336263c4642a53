package dev.banyan.services.kit;

import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose rows a request is about. */
public final class UserHeader {

    public static final String NAME = "X-User-Id";

    // What the monolith makes of it: the number that the text begins with, else one that nobody has.
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*(\\d{1,18})");

    private UserHeader() {}

    /** Null if the request is about nobody, which is to say everybody. */
    public static @Nullable Long of(HttpServerRequest request) {
        String header = request.getHeader(NAME);
        if (header == null || header.isBlank()) {
            return null;
        }
        Matcher number = LEADING_NUMBER.matcher(header);
        return number.lookingAt() ? Long.parseLong(number.group(1)) : 0L;
    }
}
