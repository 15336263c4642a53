package dev.banyan.routing.decide;

import dev.banyan.routing.FieldText;
import java.util.StringJoiner;

/**
 * Which of a client's cookies are Banyan's own: an upstream gets none of them. A forced side is as good as its signature for whoever
 * reads it in an upstream's log, and the others say nothing to an upstream but make what it caches by cookies useless.
 */
public final class OwnCookies {
    /** What every name of them begins with. */
    public static final String BEGIN = StickyCookie.NAME;

    private OwnCookies() {}

    /** The others, in their order and byte for byte; the very same text if there is none of ours. */
    public static String without(String cookies) {
        StringJoiner others = new StringJoiner(";");
        boolean found = false;
        for (String pair : cookies.split(";", -1)) {
            if (isOwn(pair)) {
                found = true;
            } else {
                others.add(pair);
            }
        }
        return found ? FieldText.trimmed(others.toString()) : cookies;
    }

    private static boolean isOwn(String pair) {
        int equals = pair.indexOf('=');
        return equals >= 0
                && switch (FieldText.trimmed(pair.substring(0, equals))) {
                    case StickyCookie.NAME, FenceCookie.NAME, ForcedSide.COOKIE -> true;
                    default -> false;
                };
    }
}
