package dev.banyan.routing.match;

import dev.banyan.routing.FieldText;
import dev.banyan.routing.RequestView.FormMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code _method} in a held form body, as rack 2.2 reads it.
 *
 * <p>The last field of the name wins; a field without equals sign is none; a file or a nested field of that name is one whose value is no
 * verb. A form that Rack gives up on (a broken escape, more than 4,096 fields, an unfinished multipart body) has no {@code _method}.
 * Linear in the body's length.
 */
public final class FormMethodReader {
    /** RACK_QUERY_PARSER_PARAMS_LIMIT, as it is unless somebody sets it. */
    private static final int MAX_FIELDS = 4096;

    private final FormParams params = new FormParams();

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
        FormMethod multipart = contentType == null ? null : MultipartForm.read(text, contentType);
        return multipart == null ? new FormMethodReader().urlencoded(text) : multipart;
    }

    private static String mediaType(String contentType) {
        int end = 0;
        // Rack cuts at a comma as well.
        while (end < contentType.length() && ";,".indexOf(contentType.charAt(end)) < 0) {
            end++;
        }
        return FieldText.trimmed(contentType.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    private FormMethod urlencoded(String text) {
        // Old Safaris end what they post in a NUL; Rack takes it off.
        int end = text.endsWith("\0") ? text.length() - 1 : text.length();
        int fields = 1;
        int from = 0;
        while (from <= end) {
            int to = text.indexOf('&', from);
            to = to < 0 || to > end ? end : to;
            if (!urlencodedField(text, from, to)) {
                return new FormMethod.None();
            }
            from = to + 1;
            if (from <= end && ++fields > MAX_FIELDS) {
                return new FormMethod.None();
            }
            // The separator is an ampersand and the spaces after it; before the first field they belong to its name.
            while (from < end && text.charAt(from) == ' ') {
                from++;
            }
        }
        return params.method();
    }

    private boolean urlencodedField(String text, int from, int to) {
        int equals = text.indexOf('=', from);
        boolean hasValue = equals >= 0 && equals < to;
        byte[] name = unescaped(text, from, hasValue ? equals : to);
        byte[] value = hasValue ? unescaped(text, equals + 1, to) : null;
        // Ruby matches no expression against a name that is no UTF-8; a value may be anything.
        return name != null
                && (value != null || !hasValue)
                && Utf8.isValid(name, name.length)
                && params.put(
                        new String(name, StandardCharsets.UTF_8),
                        value == null ? null : new String(value, StandardCharsets.UTF_8));
    }

    /** Null if an escape is broken. */
    private static byte @Nullable [] unescaped(String text, int from, int to) {
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
        return bytes.toByteArray();
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
