package dev.banyan.routing.keys;

import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What things may be called. */
public final class Names {
    private static final Pattern ID = Pattern.compile("[a-z0-9-]+");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    /** Underscores are not in RFC 1123, but container names have them. */
    private static final Pattern HOST =
            Pattern.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\\.(?!-)[a-z0-9_-]{1,63}(?<!-)){0,126}");

    private static final Pattern NUMBERS_LAST = Pattern.compile("(?:.*\\.)?[0-9]+");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\\.(?!$)|$)){4}");

    private Names() {}

    /** Whether an upstream, a route or a cohort may be called so. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * Says what is wrong with an id.
     *
     * @param kind with its article: {@code a route}
     */
    public static void complainAboutId(Problems problems, Position at, String kind, String id) {
        String better =
                id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
        problems.error(
                at,
                Shown.text(id) + ": no id for " + kind + ", which is made of a-z, 0-9 and -",
                better.isEmpty() || better.length() > 60 ? "choose another" : "write " + better);
    }

    /** The id of an upstream or a cohort, as a value. */
    public static Optional<String> id(Value value, String fix) {
        return value.text(fix)
                .filter(text -> isId(text)
                        || !value.refused(Shown.text(text) + " is no id, which is made of a-z, 0-9 and -", fix));
    }

    /** RFC 9110, 5.6.2. */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** A DNS name or an IPv4 address, in lower case. */
    static boolean isHost(String text) {
        if (text.length() > 253 || !HOST.matcher(text).matches()) {
            return false;
        }
        // 10.0.0.256 or 1.2.3 would be asked of DNS otherwise, or read as an address in old ways.
        return !NUMBERS_LAST.matcher(text).matches() || isIpv4(text);
    }

    /** Without the dot that fully qualifies a name; an address has none. */
    static String withoutFinalDot(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return isIpv4(name) ? host : name;
    }

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Whether such a field of a client never reaches a route. */
    static boolean isDroppedFromClients(String header) {
        return header.contains("_") || header.toLowerCase(Locale.ROOT).startsWith("x-banyan-");
    }
}
