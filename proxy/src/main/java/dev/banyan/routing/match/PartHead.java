package dev.banyan.routing.match;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looks into the head of one part of a multipart body. */
final class PartHead {
    private PartHead() {}

    /** The last field of that name (in lower case), as the rest of its line; null if there is none. */
    static @Nullable String field(String head, String lowerCaseName) {
        String found = null;
        int from = 0;
        while (from < head.length()) {
            int to = head.indexOf('\n', from);
            to = to < 0 ? head.length() : to;
            int colon = head.indexOf(':', from);
            if (colon >= 0
                    && colon < to
                    && head.substring(from, colon)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(lowerCaseName)) {
                found = head.substring(colon + 1, to).strip();
            }
            from = to + 1;
        }
        return found;
    }

    /** The last parameter of that name (in lower case), unquoted; null if there is none. */
    static @Nullable String parameter(String field, String lowerCaseName) {
        String found = null;
        int from = field.indexOf(';');
        while (from >= 0) {
            int equals = field.indexOf('=', from);
            if (equals < 0) {
                return found;
            }
            String name = field.substring(from + 1, equals).strip().toLowerCase(Locale.ROOT);
            int start = equals + 1;
            boolean quoted = start < field.length() && field.charAt(start) == '"';
            int end = quoted ? closingQuote(field, start + 1) : tokenEnd(field, start);
            if (name.equals(lowerCaseName)) {
                String value = field.substring(quoted ? start + 1 : start, end);
                found = quoted ? value.replace("\\\"", "\"") : value.strip();
            }
            from = field.indexOf(';', end);
        }
        return found;
    }

    private static int closingQuote(String field, int from) {
        int at = from;
        while (at < field.length() && field.charAt(at) != '"') {
            at += field.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, field.length());
    }

    private static int tokenEnd(String field, int from) {
        int semicolon = field.indexOf(';', from);
        return semicolon < 0 ? field.length() : semicolon;
    }

    /** Whether the part's text is such that ASCII letters are themselves; in UTF-16 no bytes spell a verb that Ruby would know. */
    static boolean isAsciiText(String head) {
        String type = field(head, "content-type");
        if (type == null) {
            return true;
        }
        String charset = parameter(type, "charset");
        if (charset == null) {
            return true;
        }
        String lower = charset.toLowerCase(Locale.ROOT);
        return !lower.startsWith("utf-16") && !lower.startsWith("utf-32");
    }
}
