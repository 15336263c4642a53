package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.wire.FieldLine;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What is known of a client's connection, and the fields that tell an upstream; made once a connection. */
public final class Peer {
    private final String address;
    private final boolean tls;
    private final FieldLine forwardedFor;
    private final FieldLine forwardedProto;

    public Peer(SocketAddress remote, boolean tls) {
        this.address = remote instanceof InetSocketAddress inet
                ? withoutZone(inet.getAddress().getHostAddress())
                : "unknown";
        this.tls = tls;
        this.forwardedFor = FieldLine.of("X-Forwarded-For", address);
        this.forwardedProto = FieldLine.of("X-Forwarded-Proto", tls ? "https" : "http");
    }

    /** The zone of a link-local address (fe80::1%eth0) means something on this machine only. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    /** The IP address as text. */
    public String address() {
        return address;
    }

    public boolean tls() {
        return tls;
    }

    public FieldLine forwardedFor() {
        return forwardedFor;
    }

    public FieldLine forwardedProto() {
        return forwardedProto;
    }
}
