package dev.banyan.routing.match;

import dev.banyan.routing.RequestView.FormMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code _method} in a held form body, as rack 2.2 reads it. Where Rack's versions differ, the reading that finds a method is
 * taken ({@code [_method]=PUT} is one to Rack 2), since what we do not find could slip past a migrated route.
 *
 * <p>The last field of the name wins; a field without equals sign is none; a file or a nested field of that name is one whose value is no
 * verb. A form that Rack gives up on (a broken escape, an unfinished multipart body) has no {@code _method}. No charset is looked at
 * but one that is not a superset of ASCII. Linear in the body's length.
 */
public final class FormMethodReader {
    /** RFC 2046 allows 70, and Rack has taken any; a longer one makes searching for it dear. */
    private static final int MAX_BOUNDARY_CHARS = 256;

    private static final String NO_VERB = "[]";

    private final MethodField field = new MethodField();

    private FormMethodReader() {}

    /**
     * Whether Rack reads such a POST as a form: urlencoded, multipart, and also one that names no type at all.
     *
     * @param contentType several fields joined by {@code ", "}; null or empty: the request names none
     */
    public static boolean isForm(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty()) {
            return true;
        }
        return switch (mediaType(contentType)) {
            case "application/x-www-form-urlencoded", "multipart/form-data", "multipart/related", "multipart/mixed" ->
                true;
            default -> false;
        };
    }

    /**
     * What the form says. {@link FormMethod.TooLarge} if it cannot be looked into at bounded cost.
     *
     * @param body the whole of it
     */
    public static FormMethod read(byte[] body, @Nullable String contentType) {
        if (!isForm(contentType)) {
            return new FormMethod.None();
        }
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = contentType == null ? null : boundary(contentType);
        if (boundary == null) {
            return new FormMethodReader().urlencoded(text);
        }
        if (boundary.length() > MAX_BOUNDARY_CHARS) {
            return new FormMethod.TooLarge();
        }
        return new FormMethodReader().multipart(text, "--" + boundary);
    }

    private static String mediaType(String contentType) {
        int end = 0;
        // Rack cuts at a comma as well.
        while (end < contentType.length() && ";,".indexOf(contentType.charAt(end)) < 0) {
            end++;
        }
        return contentType.substring(0, end).strip().toLowerCase(Locale.ROOT);
    }

    /** Null also for a multipart type that names none: Rack then reads the body as urlencoded. */
    private static @Nullable String boundary(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int at = lower.lastIndexOf("boundary=");
        if (!lower.startsWith("multipart/") || at < 0) {
            return null;
        }
        int from = at + "boundary=".length();
        if (from < contentType.length() && contentType.charAt(from) == '"') {
            from++;
        }
        int to = from;
        while (to < contentType.length() && "\";,".indexOf(contentType.charAt(to)) < 0) {
            to++;
        }
        return to > from ? contentType.substring(from, to) : null;
    }

    private FormMethod urlencoded(String text) {
        // Old Safaris end what they post in a NUL; Rack takes it off.
        int end = text.endsWith("\0") ? text.length() - 1 : text.length();
        int from = 0;
        while (from < end) {
            int to = text.indexOf('&', from);
            to = to < 0 || to > end ? end : to;
            while (from < to && text.charAt(from) == ' ') {
                from++;
            }
            if (!urlencodedField(text, from, to)) {
                return new FormMethod.None();
            }
            from = to + 1;
        }
        return field.found();
    }

    private boolean urlencodedField(String text, int from, int to) {
        int equals = text.indexOf('=', from);
        boolean hasValue = equals >= 0 && equals < to;
        String name = unescaped(text, from, hasValue ? equals : to);
        String value = hasValue ? unescaped(text, equals + 1, to) : null;
        return name != null && (value != null || !hasValue) && field.put(name, value);
    }

    /** Null if an escape is broken. */
    private static @Nullable String unescaped(String text, int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < to ? hexDigit(text.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : hexDigit(text.charAt(i + 2));
                if (low < 0) {
                    return null;
                }
                bytes.write((high << 4) | low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private FormMethod multipart(String text, String delimiter) {
        int at = text.indexOf(delimiter);
        while (at >= 0) {
            int head = at + delimiter.length();
            if (text.startsWith("--", head)) {
                return field.found();
            }
            int next = text.indexOf(delimiter, head);
            if (next >= 0 && !part(text.substring(head, next))) {
                return new FormMethod.None();
            }
            at = next;
        }
        return new FormMethod.None();
    }

    private boolean part(String part) {
        int blankLine = part.indexOf("\r\n\r\n");
        if (blankLine < 0) {
            return true;
        }
        String head = part.substring(0, blankLine);
        String name = null;
        String filename = null;
        String disposition = PartHead.field(head, "content-disposition");
        if (disposition != null) {
            name = PartHead.parameter(disposition, "name");
            filename = PartHead.parameter(disposition, "filename");
            filename = filename == null ? PartHead.parameter(disposition, "filename*") : filename;
        }
        if (name == null) {
            name = PartHead.field(head, "content-id");
        }
        if (name == null || (filename != null && filename.isEmpty())) {
            return true;
        }
        String body = part.substring(blankLine + 4);
        String value = body.endsWith("\r\n") ? body.substring(0, body.length() - 2) : body;
        return field.put(utf8(name), filename == null && PartHead.isAsciiText(head) ? utf8(value) : NO_VERB);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** What has been found so far, by the rules of Rack's nested parameters. */
    private static final class MethodField {
        private static final String NAME = "_method";

        private @Nullable String value;
        private boolean nested;

        /** False if Rack gives the form up. */
        boolean put(String name, @Nullable String next) {
            int from = 0;
            while (from < name.length() && isBracket(name.charAt(from))) {
                from++;
            }
            if (!name.startsWith(NAME, from)) {
                return true;
            }
            int after = from + NAME.length();
            if (after < name.length() && !isBracket(name.charAt(after))) {
                return true;
            }
            while (after < name.length() && name.charAt(after) == ']') {
                after++;
            }
            if (after == name.length()) {
                value = next;
                nested = false;
                return true;
            }
            if (name.endsWith("[") && after == name.length() - 1) {
                return true;
            }
            if (value != null && !nested) {
                return false;
            }
            value = NO_VERB;
            nested = true;
            return true;
        }

        private static boolean isBracket(char c) {
            return c == '[' || c == ']';
        }

        FormMethod found() {
            return value == null ? new FormMethod.None() : new FormMethod.Of(value);
        }
    }
}
