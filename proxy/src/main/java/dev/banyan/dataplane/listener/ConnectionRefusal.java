package dev.banyan.dataplane.listener;

/** Why a connection was closed before its first request. */
public enum ConnectionRefusal {
    /** Not a trusted proxy, where only such may connect. */
    UNTRUSTED("untrusted"),
    PROXY_HEADER("proxy-header"),
    PROXY_TIMEOUT("proxy-timeout"),
    /** What came was no TLS, or a ClientHello of a size that no client sends. */
    NOT_TLS("not-tls"),
    /** No version, cipher or certificate that both sides take. */
    TLS_HANDSHAKE("tls-handshake"),
    TLS_TIMEOUT("tls-timeout"),
    /** As many are open as may be. */
    LIMIT("limit"),
    /** Its client has as many as one may have. */
    LIMIT_PER_CLIENT("limit-per-client");

    private final String word;

    ConnectionRefusal(String word) {
        this.word = word;
    }

    /** As metrics have it. */
    public String word() {
        return word;
    }
}
