package dev.banyan.dataplane.listener;

import dev.banyan.net.Networks;
import java.net.InetSocketAddress;

/**
 * Where clients come in, and whom of them is believed what it says of others.
 *
 * @param trustedProxies who may say for whom it asks
 * @param proxyProtocol every connection begins with a PROXY header, which trusted proxies alone may send
 */
public record ListenerSettings(InetSocketAddress address, Networks trustedProxies, boolean proxyProtocol) {
    public ListenerSettings {
        if (proxyProtocol && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException("trustedProxies: none (expected: some, where proxyProtocol is on)");
        }
    }

    /** Nobody in front. */
    public static ListenerSettings on(InetSocketAddress address) {
        return new ListenerSettings(address, Networks.NONE, false);
    }
}
