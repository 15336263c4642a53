package dev.banyan.legacystub.rails;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin that Rails believes the client used, and so builds every absolute URL from.
 *
 * <p>Host, or the last X-Forwarded-Host; https if X-Forwarded-Ssl, X-Forwarded-Scheme or the first X-Forwarded-Proto
 * says so. X-Forwarded-Port and Forwarded do not count.
 */
public record PublicOrigin(String scheme, String authority) {

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    public static PublicOrigin of(RailsRequest request) {
        return new PublicOrigin(scheme(request), authority(request));
    }

    public String url(String path) {
        return scheme + "://" + authority + path;
    }

    private static String scheme(RailsRequest request) {
        boolean https = "on".equalsIgnoreCase(request.header("X-Forwarded-Ssl"))
                || "https".equalsIgnoreCase(request.header("X-Forwarded-Scheme"))
                || "https".equals(first(request.header("X-Forwarded-Proto")));
        return https ? "https" : "http";
    }

    private static String authority(RailsRequest request) {
        List<String> forwarded = list(request.header("X-Forwarded-Host"));
        if (!forwarded.isEmpty()) {
            return forwarded.get(forwarded.size() - 1);
        }
        String host = request.header("Host");
        String authority = host == null || host.isBlank() ? "localhost" : host;
        return authority.endsWith(":80") && scheme(request).equals("http")
                ? authority.substring(0, authority.length() - 3)
                : authority;
    }

    private static String first(@Nullable String header) {
        List<String> values = list(header);
        return values.isEmpty() ? "" : values.get(0).toLowerCase(Locale.ROOT);
    }

    private static List<String> list(@Nullable String header) {
        return header == null
                ? List.of()
                : COMMA.splitAsStream(header.strip())
                        .filter(value -> !value.isEmpty())
                        .toList();
    }
}
