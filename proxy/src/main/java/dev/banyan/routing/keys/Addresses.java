package dev.banyan.routing.keys;

import dev.banyan.net.IpAddress;
import dev.banyan.net.Networks;
import dev.banyan.routing.Endpoint;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the addresses of upstreams: {@code http://127.0.0.1:3000}. */
final class Addresses {
    private static final String FIX = "write http://HOST:PORT or https://HOST:PORT";
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
    private static final Pattern SCHEMELESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]+)?/?");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\[\\]@/]*]|[^\\[\\]@/:?#]*)(?::([^@/?#:]*))?");

    private Addresses() {}

    static Optional<Endpoint> url(Value value) {
        return value.text(FIX).flatMap(text -> url(value, text));
    }

    /** A name to be resolved; {@code http://} may be left out, since it is not an address yet. */
    static Optional<Endpoint> name(Value value) {
        String fix = "write a name and its port, such as http://accounts.internal:8080";
        return value.text(fix)
                .flatMap(text -> url(value, SCHEMELESS.matcher(text).matches() ? "http://" + text : text))
                .filter(endpoint -> {
                    boolean address = endpoint.host().contains(":") || Names.isIpv4(endpoint.host());
                    return !address
                            || !value.refused(
                                    endpoint.host() + " is an address, not a name to resolve",
                                    "write url: " + endpoint + " in its place");
                });
    }

    private static Optional<Endpoint> url(Value value, String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            value.wrong(
                    Shown.text(text) + " does not say http:// or https://",
                    SCHEMELESS.matcher(text).matches() ? "write http://" + text.replace("/", "") : FIX);
            return Optional.empty();
        }
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            value.wrong(Shown.text(scheme) + " is not spoken here, only http and https", FIX);
            return Optional.empty();
        }
        return authority(value, scheme, url.group(2));
    }

    private static Optional<Endpoint> authority(Value value, String scheme, String rest) {
        if (rest.contains("@")) {
            // Not shown: it may be a password.
            value.wrong("has a user name or password in it", "leave out what stands before the @");
            return Optional.empty();
        }
        int end = rest.length() - rest.replaceFirst("^[^/?#]*", "").length();
        String authority = rest.substring(0, end);
        if (end < rest.length()) {
            value.wrong(
                    "has a path or a query, " + Shown.text(rest.substring(end)),
                    "write " + scheme + "://" + Shown.text(authority) + "; a route's rewrite changes paths");
            return Optional.empty();
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            value.wrong(Shown.text(authority) + " is no host and port", FIX + "; an IPv6 address in [ ]");
            return Optional.empty();
        }
        Optional<String> host = host(value, parts.group(1).toLowerCase(Locale.ROOT));
        Optional<Integer> port = port(value, scheme, Optional.ofNullable(parts.group(2)));
        return host.flatMap(name -> port.map(number -> new Endpoint(scheme.equals("https"), name, number)));
    }

    private static Optional<String> host(Value value, String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        IpAddress address = IpAddress.parse(bare);
        boolean valid = host.startsWith("[")
                ? address != null && bare.contains(":")
                : Names.isHost(Names.withoutFinalDot(bare));
        if (!valid
                && value.refused(
                        bare.isEmpty() ? "names no host" : Shown.text(bare) + " is no host name or address", FIX)) {
            return Optional.empty();
        }
        if (address != null && Networks.LINK_LOCAL_AND_METADATA.contain(address)) {
            value.doubtful(
                    bare
                            + " is a link-local or metadata address, to which no connection is made unless the proxy allows it",
                    "write the service's own address");
        }
        return Optional.of(bare);
    }

    private static Optional<Integer> port(Value value, String scheme, Optional<String> text) {
        if (text.isEmpty()) {
            return Optional.of(scheme.equals("https") ? 443 : 80);
        }
        if (text.get().matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text.get());
            if (port >= 1 && port <= 65_535) {
                return Optional.of(port);
            }
        }
        value.wrong(Shown.text(text.get()) + " is no port", "write a port from 1 to 65535");
        return Optional.empty();
    }
}
