package dev.banyan.controlplane.admin.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that the admin endpoint may be asked by. A web page that had its own name point to 127.0.0.1 (DNS rebinding) asks by that
 * name; a page of another origin says so in Origin.
 */
public final class AllowedHosts {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Set<String> onOurPort = new HashSet<>(LOOPBACK);
    private final Set<String> onOwnPort = new HashSet<>();
    private final Set<String> onAnyPort = new HashSet<>();
    private final int defaultPort;

    /**
     * @param literal the IP address that is listened on, IPv6 in brackets: no name that somebody else could point here
     * @param more with a port: that port only; without: any
     * @param defaultPort what a name without a port means: 80, or 443 with TLS
     */
    public AllowedHosts(String literal, List<String> more, int defaultPort) {
        this.defaultPort = defaultPort;
        onOurPort.add(literal);
        for (String name : more) {
            String lower = name.toLowerCase(Locale.ROOT);
            (lower.equals(host(lower)) ? onAnyPort : onOwnPort).add(lower);
        }
    }

    /** Whether a Host field's value is one of them. */
    boolean allowsHost(String authority, int ourPort) {
        String lower = authority.toLowerCase(Locale.ROOT);
        String host = host(lower);
        String withPort = lower.equals(host) ? lower + ":" + defaultPort : lower;
        return onAnyPort.contains(host)
                || onOwnPort.contains(withPort)
                || (onOurPort.contains(host) && withPort.equals(host + ":" + ourPort));
    }

    /** Whether an Origin field's value is one of them; {@code null}, as sandboxed pages send, is none. */
    boolean allowsOrigin(String origin, int ourPort) {
        try {
            URI uri = new URI(origin);
            @Nullable String scheme = uri.getScheme();
            @Nullable String authority = uri.getRawAuthority();
            if (scheme == null || authority == null || !origin.equals(scheme + "://" + authority)) {
                return false;
            }
            return switch (scheme) {
                case "http" -> allowsHost(authority.equals(host(authority)) ? authority + ":80" : authority, ourPort);
                case "https" -> allowsHost(authority.equals(host(authority)) ? authority + ":443" : authority, ourPort);
                default -> false;
            };
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }
}
