package dev.banyan.dataplane.listener;

import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.net.Networks;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where clients come in, and whom of them is believed what it says of others.
 *
 * @param plain without TLS
 * @param trustedProxies who may say for whom it asks
 * @param proxyProtocol every connection begins with a PROXY header, which trusted proxies alone may send
 * @param heads how large the heads of requests may be
 * @param http2 what a connection of HTTP/2 may have under way
 */
public record ListenerSettings(
        Optional<InetSocketAddress> plain,
        Optional<TlsSettings> tls,
        Networks trustedProxies,
        boolean proxyProtocol,
        ConnectionLimits connections,
        HeadLimits heads,
        Http2Limits http2) {
    public ListenerSettings {
        if (plain.isEmpty() && tls.isEmpty()) {
            throw new IllegalArgumentException("plain, tls: neither (expected: one of them, or both)");
        }
        if (proxyProtocol && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException("trustedProxies: none (expected: some, where proxyProtocol is on)");
        }
    }

    /** With the usual limits. */
    public ListenerSettings(
            Optional<InetSocketAddress> plain,
            Optional<TlsSettings> tls,
            Networks trustedProxies,
            boolean proxyProtocol) {
        this(
                plain,
                tls,
                trustedProxies,
                proxyProtocol,
                ConnectionLimits.DEFAULT,
                HeadLimits.DEFAULT,
                Http2Limits.DEFAULT);
    }

    /** Without TLS, and with the usual limits. */
    public ListenerSettings(InetSocketAddress plain, Networks trustedProxies, boolean proxyProtocol) {
        this(Optional.of(plain), Optional.empty(), trustedProxies, proxyProtocol);
    }

    /** Without TLS, and nobody in front. */
    public static ListenerSettings on(InetSocketAddress plain) {
        return new ListenerSettings(plain, Networks.NONE, false);
    }
}
