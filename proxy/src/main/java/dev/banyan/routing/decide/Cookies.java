package dev.banyan.routing.decide;

import dev.banyan.routing.FieldText;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one cookie out of all, and writes ours. */
public final class Cookies {
    /** Somebody who can set cookies for a parent domain can put their own before ours; so we look at a few, but not at any number. */
    private static final int MAX_OF_ONE_NAME = 4;

    private Cookies() {}

    /** Whether there is any of that name. */
    public static boolean has(@Nullable String cookies, String name) {
        return first(cookies, name, value -> Boolean.TRUE) != null;
    }

    /** What {@code read} makes of the first cookie of that name of which it makes anything. */
    static <T> @Nullable T first(@Nullable String cookies, String name, Function<String, @Nullable T> read) {
        int seen = 0;
        int from = cookies == null ? -1 : 0;
        while (cookies != null && from >= 0 && seen < MAX_OF_ONE_NAME) {
            int to = cookies.indexOf(';', from);
            int end = to < 0 ? cookies.length() : to;
            while (from < end && cookies.charAt(from) == ' ') {
                from++;
            }
            int value = from + name.length() + 1;
            if (value <= end && cookies.startsWith(name, from) && cookies.charAt(value - 1) == '=') {
                seen++;
                T found = read.apply(FieldText.trimmed(cookies.substring(value, end)));
                if (found != null) {
                    return found;
                }
            }
            from = to < 0 ? -1 : to + 1;
        }
        return null;
    }

    static String set(String name, String value, long maxAgeSeconds, boolean tls) {
        return name + "=" + value + "; Max-Age=" + maxAgeSeconds + "; Path=/; HttpOnly; SameSite=Lax"
                + (tls ? "; Secure" : "");
    }
}
