package dev.banyan.routing;

/**
 * One address of an upstream.
 *
 * @param host a name or an IP literal; IPv6 without brackets. A name with a final dot is looked up as it stands, without search domains
 * @param port 1 to 65535
 */
public record Endpoint(boolean tls, String host, int port) {

    /** The host without a final dot: how it is named to others, in a Host field, in TLS and in certificates. */
    public String name() {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** Name and port as an authority: {@code 127.0.0.1:3000}, {@code [::1]:3000}. */
    public String authority() {
        return authority(name());
    }

    /** Whether the two differ in nothing but a final dot. */
    public boolean namesTheSameAs(Endpoint other) {
        return tls == other.tls && port == other.port && name().equals(other.name());
    }

    private String authority(String host) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** As it is written in a table. */
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority(host);
    }
}
