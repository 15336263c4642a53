package dev.banyan.routing;

/**
 * One address of an upstream.
 *
 * @param host a name or an IP literal; IPv6 without brackets
 * @param port 1 to 65535
 */
public record Endpoint(boolean tls, String host, int port) {

    /** Host and port as an authority: {@code 127.0.0.1:3000}, {@code [::1]:3000}. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
