package dev.banyan.controlplane.admin;

import dev.banyan.pem.PemFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Where the admin and the health endpoint listen, and for whom.
 *
 * @param allowedHosts more names that the admin endpoint may be asked by, beside 127.0.0.1, localhost and [::1]; with a port that
 *     port only, without one any
 * @param adminInsecure whether the admin endpoint may listen on another address than loopback, in plain text
 * @param certificate for TLS on the admin endpoint; empty: plain text
 */
public record AdminSettings(
        Address admin,
        Address health,
        List<String> allowedHosts,
        boolean adminInsecure,
        Optional<Certificate> certificate) {
    public static final Address DEFAULT_ADMIN = new Address("127.0.0.1", 9900);
    public static final Address DEFAULT_HEALTH = new Address("0.0.0.0", 9901);

    public AdminSettings {
        allowedHosts = List.copyOf(allowedHosts);
    }

    /** In plain text. */
    public AdminSettings(Address admin, Address health, List<String> allowedHosts, boolean adminInsecure) {
        this(admin, health, allowedHosts, adminInsecure, Optional.empty());
    }

    /** {@code https://} or {@code http://}. */
    public String scheme() {
        return certificate.isPresent() ? "https://" : "http://";
    }

    /** Whether tokens would cross a network in plain text that nobody said they may cross. May ask the resolver for the host. */
    public boolean exposesTokens() throws UnknownHostException {
        return certificate.isEmpty()
                && !adminInsecure
                && !InetAddress.getByName(admin.host()).isLoopbackAddress();
    }

    /**
     * Files in PEM, read again when they change.
     *
     * @param chain the endpoint's own certificate first
     */
    public record Certificate(PemFile chain, PemFile key) {}

    /**
     * Where to listen.
     *
     * @param host a name or an IP literal; IPv6 without brackets
     * @param port 0: any free one
     */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
