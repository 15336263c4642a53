package dev.banyan.dataplane.tls;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A listener with TLS.
 *
 * @param certificates the first is for clients that name no server, or one that nobody knows
 * @param reloadEvery how often the files are looked at
 */
public record TlsSettings(
        InetSocketAddress address, List<CertificateFiles> certificates, Duration reloadEvery, TlsProvider provider) {
    public static final Duration DEFAULT_RELOAD_EVERY = Duration.ofSeconds(5);

    public TlsSettings {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("certificates: none (expected: at least one)");
        }
    }
}
