package dev.banyan.settings;

/**
 * Where to listen: {@code 0.0.0.0:8080}, {@code [::1]:9900}, {@code :8080} or {@code 8080} for every address.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 0: any free one
 */
public record ListenAddress(String host, int port) {
    private static final String EVERY_ADDRESS = "0.0.0.0";

    public ListenAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
    }

    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' (expected: an IPv6 address in brackets, such as [::1]:9900)");
        }
        return new ListenAddress(host.isEmpty() ? EVERY_ADDRESS : host, port(text, text.substring(colon + 1)));
    }

    private static int port(String text, String digits) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
            throw new IllegalArgumentException("'" + text + "' (expected: HOST:PORT, such as 127.0.0.1:9900)");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
