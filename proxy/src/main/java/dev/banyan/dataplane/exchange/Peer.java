package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Head;
import dev.banyan.net.IpAddress;
import dev.banyan.net.Networks;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a client's connection: a client, or a trusted proxy that speaks for many. Made once per connection. */
public final class Peer {
    private final @Nullable IpAddress address;
    private final boolean tls;
    private final Networks trustedProxies;
    private final Origin own;
    private final boolean trusted;

    /**
     * One that is known by its address.
     *
     * @param address null: unknown, as of a Unix socket
     * @param tls whether its connection to us is encrypted
     */
    public Peer(@Nullable IpAddress address, boolean tls, Networks trustedProxies) {
        this.address = address;
        this.tls = tls;
        this.trustedProxies = trustedProxies;
        this.trusted = address != null && trustedProxies.contain(address);
        this.own = Origin.of(address == null ? "unknown" : address.toString(), tls);
    }

    /** The address at the other end of a socket; null if it has none. */
    public static @Nullable IpAddress addressOf(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? IpAddress.of(inet.getAddress().getAddress())
                : null;
    }

    public @Nullable IpAddress address() {
        return address;
    }

    public boolean tls() {
        return tls;
    }

    /** Where a request over this connection comes from: the peer itself, or whom a trusted proxy names. */
    Origin origin(Head head) {
        IpAddress proxy = address;
        return trusted && proxy != null ? ForwardedFields.origin(head, proxy, trustedProxies, own) : own;
    }
}
