package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One address of an upstream with all that lives as long as some table names it: pools, counts, what is known of its health. Settings
 * that say nothing of the connection itself may change without a new one.
 */
public final class EndpointHandle {
    private final Wire wire;
    private final Connector connector;
    private final Optional<Trust> trust;
    private final String authority;
    private final @Nullable InetSocketAddress literal;
    private final AddressMemory addresses = new AddressMemory();
    private final Condition condition = new Condition();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final AtomicInteger idleConnections = new AtomicInteger();
    private final Map<Loop, Pool> pools = new ConcurrentHashMap<>();

    // Written by who publishes tables, read by loops.
    private volatile long keepAliveNanos;
    private volatile boolean retired;

    /** What a connection is made by: another of these needs other connections. */
    record Wire(Endpoint endpoint, Upstream.Protocol protocol, Upstream.Tls tls) {}

    EndpointHandle(Wire wire, Connector connector) {
        this.wire = wire;
        this.connector = connector;
        this.trust =
                wire.endpoint().tls() ? Optional.of(connector.tls().of(wire.protocol(), wire.tls())) : Optional.empty();
        this.authority = wire.endpoint().authority();
        this.literal = literal(wire.endpoint());
    }

    Wire wire() {
        return wire;
    }

    Endpoint endpoint() {
        return wire.endpoint();
    }

    /** Host and port, for logs and for a Host field. */
    public String authority() {
        return authority;
    }

    /** What is known of its health. */
    public Condition condition() {
        return condition;
    }

    /** Whom it must show to be; empty: without TLS. */
    Optional<Trust> trust() {
        return trust;
    }

    Connector connector() {
        return connector;
    }

    /** Requests at it now, over all loops. */
    AtomicInteger underWay() {
        return underWay;
    }

    AtomicInteger openConnections() {
        return openConnections;
    }

    AtomicInteger idleConnections() {
        return idleConnections;
    }

    void keepAlive(long nanos) {
        keepAliveNanos = nanos;
    }

    /** How long a connection may rest. */
    long keepAliveNanos() {
        return keepAliveNanos;
    }

    Pool pool(Loop loop) {
        Pool known = pools.get(loop);
        if (known != null) {
            return known;
        }
        return pools.computeIfAbsent(
                loop,
                own -> wire.protocol() == Upstream.Protocol.HTTP1
                        ? new EndpointPool(this, own)
                        : new StreamPool(this, own));
    }

    /** No table names it any more: what rests is closed, what runs ends in peace. */
    void retire() {
        retired = true;
        pools.values().forEach(pool -> pool.loop().eventLoop().execute(pool::closeResting));
    }

    boolean retired() {
        return retired;
    }

    /** Null: it has a name, which may have several addresses, and others tomorrow. */
    @Nullable
    InetSocketAddress literal() {
        return literal;
    }

    /** What is known of the addresses of its name. */
    AddressMemory addresses() {
        return addresses;
    }

    private static @Nullable InetSocketAddress literal(Endpoint endpoint) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (literal == null) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), endpoint.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IP address of " + literal.length + " bytes", e);
        }
    }

    @Override
    public String toString() {
        return wire.endpoint().toString();
    }
}
