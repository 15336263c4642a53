package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cookies that a client sends after an answer: those it had, renewed, taken away and joined by what the answer set (RFC 6265, 5.3; as
 * far as one host's own cookies go, whatever their path).
 */
final class RenewedCookies {
    /** Servers take a cookie away by an end in the past; Rails by 1970. */
    private static final Pattern GONE =
            Pattern.compile("(?i);\\s*(?:max-age=(?:0|-[0-9]+)|expires=[^;]*\\b19[0-9]{2}\\b[^;]*)\\s*(?:;|$)");

    private static final Pattern PAIR = Pattern.compile("\\s*([^=;\\s]+)=([^;]*)");

    private RenewedCookies() {}

    /** As a Cookie field has them; empty: none. */
    static String of(@Nullable String had, SeenAnswer answer) {
        Map<String, String> cookies = new LinkedHashMap<>();
        if (had != null) {
            for (String pair : had.split(";", -1)) {
                Matcher cookie = PAIR.matcher(pair);
                if (cookie.lookingAt()) {
                    // The first of a name is the one that servers read.
                    cookies.putIfAbsent(cookie.group(1), cookie.group(2).strip());
                }
            }
        }
        answer.fields().stream()
                .filter(field -> field.name().toLowerCase(Locale.ROOT).equals("set-cookie"))
                .forEach(field -> {
                    Matcher cookie = PAIR.matcher(field.value());
                    if (cookie.lookingAt()) {
                        if (GONE.matcher(field.value()).find()) {
                            cookies.remove(cookie.group(1));
                        } else {
                            cookies.put(cookie.group(1), cookie.group(2).strip());
                        }
                    }
                });
        StringJoiner all = new StringJoiner("; ");
        cookies.forEach((name, value) -> all.add(name + "=" + value));
        return all.toString();
    }
}
