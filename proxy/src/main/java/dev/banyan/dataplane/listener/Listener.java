package dev.banyan.dataplane.listener;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.tls.ServerCertificates;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.dataplane.wire.http1.ServerConnection;
import dev.banyan.dataplane.wire.http2.Http2ServerConnection;
import dev.banyan.net.IpAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SniHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets towards clients. One exclusive acceptor hands connections to the event loops, so that a taken port is an error, and a
 * drain cuts no connection that the kernel has queued for another listener (as SO_REUSEPORT would).
 */
public final class Listener implements ConnectionHost {
    static final int BACKLOG = 4096;

    /** A browser's ClientHello has about two thousand bytes, with a key share that withstands quantum computers. */
    private static final int MAX_CLIENT_HELLO_BYTES = 16 * 1024;

    private static final String HTTP2 = "h2";

    /** What is to be offered by ALPN, the best first. */
    public static final List<String> PROTOCOLS = List.of(HTTP2, "http/1.1");

    private static final WriteBufferWaterMark BUFFERED = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final ListenerSettings settings;
    private final ClientTimeouts timeouts;
    private final Consumer<Exchange> requests;
    private final BiConsumer<Exchange, MessageError> unreadable;
    private final Consumer<Refusal> refused;
    private final OpenConnections open;
    private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();
    private final Consumer<String> misuses;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final ListeningSockets sockets;
    private @Nullable Channel plain;
    private @Nullable Channel tls;

    // Both written by who stops the listener, read by every loop: for each answer, and for each connection.
    private volatile boolean draining;
    private volatile boolean cut;

    /**
     * Binds.
     *
     * @param certificates there if the settings want TLS
     * @param refused told of each connection that was closed before its first request
     * @param misuses told of what clients of HTTP/2 did too much of, by its word
     * @throws IOException if an address cannot be listened on; with which in its message
     */
    public Listener(
            ListenerSettings settings,
            Optional<ServerCertificates> certificates,
            EventLoopGroup acceptor,
            EventLoopGroup loops,
            Map<Object, Loop> byEventLoop,
            ListeningSockets sockets,
            ClientTimeouts timeouts,
            Consumer<Exchange> requests,
            BiConsumer<Exchange, MessageError> unreadable,
            Consumer<Refusal> refused,
            Consumer<String> misuses)
            throws IOException {
        this.settings = settings;
        this.open = new OpenConnections(settings.connections());
        this.timeouts = timeouts;
        this.requests = requests;
        this.unreadable = unreadable;
        this.refused = refused;
        this.misuses = misuses;
        this.sockets = sockets;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFERED);
        try {
            for (InetSocketAddress address : settings.plain().stream().toList()) {
                plain = bind(bootstrap, address, byEventLoop, Optional.empty());
            }
            for (TlsSettings with : settings.tls().stream().toList()) {
                tls = bind(bootstrap, with.address(), byEventLoop, certificates);
            }
            sockets.serving();
        } catch (IOException e) {
            stopAccepting();
            throw e;
        }
    }

    private Channel bind(
            ServerBootstrap shared,
            InetSocketAddress address,
            Map<Object, Loop> byEventLoop,
            Optional<ServerCertificates> with)
            throws IOException {
        ServerBootstrap bootstrap = shared.clone().childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel accepted) {
                Loop loop = byEventLoop.get(accepted.eventLoop());
                if (loop == null) {
                    throw new IllegalStateException("a connection on a loop that is not ours");
                }
                arriving.add(accepted);
                accepted.closeFuture().addListener(closed -> arriving.remove(accepted));
                if (cut) {
                    // It was on its way to its loop while all that had come there was cut.
                    accepted.close();
                } else {
                    arrive(accepted, loop, with);
                }
            }
        });
        return sockets.open(bootstrap, address);
    }

    /** 1. Is there room, and whose connection is it? */
    private void arrive(Channel accepted, Loop loop, Optional<ServerCertificates> with) {
        if (!open.take(accepted)) {
            refuse(accepted, Refusal.LIMIT);
            return;
        }
        IpAddress peer = Peer.addressOf(accepted.remoteAddress());
        if (!settings.proxyProtocol()) {
            encrypt(accepted, loop, peer, with);
        } else if (peer == null || !settings.trustedProxies().contain(peer)) {
            refuse(accepted, Refusal.UNTRUSTED);
        } else {
            ProxyProtocol.Known next = client -> encrypt(accepted, loop, client, with);
            accepted.pipeline().addLast(new ProxyProtocol(loop, timeouts.head(), next, refused));
        }
    }

    /** 2. May it have one more, and is it to be encrypted? */
    private void encrypt(Channel accepted, Loop loop, @Nullable IpAddress client, Optional<ServerCertificates> with) {
        // A trusted proxy speaks for many.
        if (client != null && !settings.trustedProxies().contain(client) && !open.take(accepted, client)) {
            refuse(accepted, Refusal.LIMIT_PER_CLIENT);
            return;
        }
        Peer peer = new Peer(client, with.isPresent(), settings.trustedProxies());
        if (with.isEmpty()) {
            serve(accepted, new FirstBytes(this, loop, timeouts, peer));
            return;
        }
        accepted.pipeline()
                .addLast(new PlainHttp())
                .addLast(new SniHandler(
                        with.get(), MAX_CLIENT_HELLO_BYTES, timeouts.head().toMillis()))
                .addLast(new Handshake(protocol -> serve(accepted, speaking(protocol, loop, peer)), refused));
    }

    /** 3. Who speaks with it? Without TLS its first bytes tell, with it ALPN. */
    private ChannelHandler speaking(@Nullable String protocol, Loop loop, Peer peer) {
        return HTTP2.equals(protocol)
                ? new Http2ServerConnection(this, loop, timeouts, peer)
                : new ServerConnection(this, loop, timeouts, peer);
    }

    private void serve(Channel accepted, ChannelHandler connection) {
        accepted.pipeline().addLast(connection);
        arriving.remove(accepted);
    }

    /** Without a word: an answer would cost a request to read, or a TLS handshake, and of that there is too much already. */
    private void refuse(Channel accepted, Refusal refusal) {
        refused.accept(refusal);
        accepted.close();
    }

    /** Where clients connect: without TLS, if there is such a listener. */
    public InetSocketAddress address() {
        Channel door = plain == null ? tls : plain;
        if (door == null) {
            throw new IllegalStateException("a listener without a door");
        }
        return (InetSocketAddress) door.localAddress();
    }

    /** Where they connect with TLS. */
    public Optional<InetSocketAddress> tlsAddress() {
        return Optional.ofNullable(tls).map(door -> (InetSocketAddress) door.localAddress());
    }

    public int openConnections() {
        return connections.size() + arriving.size();
    }

    /** Accepts no more. Connections close after the answer under way; one without a request is given a second for one that is on its way. */
    public void drain() {
        draining = true;
        stopAccepting();
        connections.forEach(ClientConnection::drain);
    }

    private void stopAccepting() {
        sockets.close();
    }

    /** Cuts what is left; WebSockets are told, and close a moment later. */
    public void cutAll() {
        cut = true;
        arriving.forEach(Channel::close);
        connections.forEach(ClientConnection::close);
    }

    @Override
    public void accept(Exchange exchange) {
        requests.accept(exchange);
    }

    @Override
    public void refuse(Exchange exchange, MessageError error) {
        unreadable.accept(exchange, error);
    }

    @Override
    public void misused(String kind) {
        misuses.accept(kind);
    }

    @Override
    public HeadLimits headLimits() {
        return settings.heads();
    }

    @Override
    public Http2Limits http2Limits() {
        return settings.http2();
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public void opened(ClientConnection connection) {
        connections.add(connection);
        if (draining) {
            // It was shaking hands when the drain began.
            connection.drain();
        }
    }

    @Override
    public void closed(ClientConnection connection) {
        connections.remove(connection);
    }
}
