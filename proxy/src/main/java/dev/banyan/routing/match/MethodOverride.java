package dev.banyan.routing.match;

import dev.banyan.routing.RequestView;
import dev.banyan.routing.RequestView.FormMethod;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Rack::MethodOverride makes of a POST (rack 2.2). A form's {@code _method} beats the header even where its value is no verb:
 * an empty string is true in Ruby. What is no verb that may be asked for leaves the POST a POST.
 */
public final class MethodOverride {
    /** What a POST may be turned into. */
    public static final List<String> VERBS =
            List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "LINK", "UNLINK");

    private static final String HEADER = "x-http-method-override";

    private MethodOverride() {}

    /** Whether Rack looks for an override at all. */
    public static boolean appliesTo(RequestView request) {
        return request.method().equals("POST");
    }

    /** The effective method of a POST, once it is known what its form says; what nobody looked into says nothing. */
    public static String effective(RequestView request, FormMethod form) {
        if (form instanceof FormMethod.Of field) {
            // As Ruby upcases a UTF-8 string: a dotless i (U+0131) and a long s (U+017F) become I and S there too.
            return verbOrPost(field.method().toUpperCase(Locale.ROOT));
        }
        String header = request.header(HEADER);
        return header == null ? "POST" : verbOrPost(asciiUpperCase(header));
    }

    private static String verbOrPost(@Nullable String verb) {
        for (String known : VERBS) {
            if (known.equals(verb)) {
                return known;
            }
        }
        return "POST";
    }

    /** A header is bytes to Ruby, of which only ASCII has cases. */
    private static String asciiUpperCase(String text) {
        StringBuilder upper = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            upper.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        return upper.toString();
    }
}
