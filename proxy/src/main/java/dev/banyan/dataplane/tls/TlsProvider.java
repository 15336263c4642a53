package dev.banyan.dataplane.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.time.Duration;
import java.util.List;

/** Who does the cryptography: BoringSSL where its library is there, the JDK elsewhere. */
public enum TlsProvider {
    BORINGSSL(SslProvider.OPENSSL),
    JDK(SslProvider.JDK);

    /** TLS 1.0 and 1.1 are forbidden (RFC 8996). */
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** Forward secrecy and authenticated encryption only: Mozilla's intermediate list without its finite-field DH. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** So many that are not kept by the client in a ticket; each costs a kilobyte or two, for each certificate. */
    private static final long SESSIONS = 4096;

    /** A session that is resumed shows no certificate: what has ended, or was taken back, must not be believed for long. */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    private final SslProvider netty;

    TlsProvider(SslProvider netty) {
        this.netty = netty;
    }

    public static TlsProvider best() {
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }

    public static List<String> versions() {
        return VERSIONS;
    }

    public static List<String> ciphers() {
        return CIPHERS;
    }

    /** What is the same for clients and upstreams. */
    public SslContextBuilder configure(SslContextBuilder builder) {
        return builder.sslProvider(netty)
                .protocols(VERSIONS)
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_LIFETIME.toSeconds());
    }
}
