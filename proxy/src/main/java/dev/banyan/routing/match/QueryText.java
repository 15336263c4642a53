package dev.banyan.routing.match;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Looks into a query as it came. */
final class QueryText {
    private QueryText() {}

    /**
     * The value of the last parameter of that name, as Rails takes it; empty where there is no equals sign; null if there is none.
     *
     * @param semicolonParts whether {@code ;} parts parameters as {@code &} does: in Rack 2 it does
     */
    static @Nullable String last(@Nullable String query, String name, boolean semicolonParts) {
        if (query == null) {
            return null;
        }
        String found = null;
        int from = 0;
        while (from <= query.length()) {
            int to = partEnd(query, from, semicolonParts);
            int equals = query.indexOf('=', from);
            int nameEnd = equals < 0 || equals > to ? to : equals;
            if (isName(query, from, nameEnd, name)) {
                found = decoded(query.substring(Math.min(nameEnd + 1, to), to));
            }
            from = to + 1;
        }
        return found;
    }

    private static int partEnd(String query, int from, boolean semicolonParts) {
        for (int i = from; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c == '&' || (semicolonParts && c == ';')) {
                return i;
            }
        }
        return query.length();
    }

    private static boolean isName(String query, int from, int to, String name) {
        for (int i = from; i < to; i++) {
            if (query.charAt(i) == '%' || query.charAt(i) == '+') {
                return decoded(query.substring(from, to)).equals(name);
            }
        }
        return to - from == name.length() && query.startsWith(name, from);
    }

    /** A broken escape stands for itself: a condition is not worth refusing a request for. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
