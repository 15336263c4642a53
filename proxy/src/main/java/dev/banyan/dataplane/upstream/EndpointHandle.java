package dev.banyan.dataplane.upstream;

import dev.banyan.routing.Endpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/** One address of an upstream, and how many requests are under way to it over all loops. */
final class EndpointHandle {
    private final Endpoint endpoint;
    private final AtomicInteger underWay = new AtomicInteger();

    EndpointHandle(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    AtomicInteger underWay() {
        return underWay;
    }

    /** Resolved if it is an IP literal; else left to the resolver, which does not block the loop. */
    SocketAddress address() {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), endpoint.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IP address of " + literal.length + " bytes", e);
        }
    }
}
