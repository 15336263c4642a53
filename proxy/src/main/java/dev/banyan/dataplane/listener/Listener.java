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
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
    private final Consumer<ConnectionRefusal> refused;
    private final OpenConnections open;
    private final Consumer<String> misuses;

    /** From the moment it is accepted until its channel is closed, whoever speaks on it meanwhile: nobody can forget to count one. */
    private final Map<Channel, ClientConnection> connections = new ConcurrentHashMap<>();

    private final ListeningSockets sockets;
    private final Optional<ServerCertificates> certificates;
    private final ServerBootstrap bootstrap;
    private final Map<Object, Loop> byEventLoop;

    // Both written once, by who opens the listener.
    private volatile Optional<InetSocketAddress> plain = Optional.empty();
    private volatile Optional<InetSocketAddress> tls = Optional.empty();

    // Both written by who stops the listener, read by every loop: for each answer, and for each connection.
    private volatile boolean draining;
    private volatile boolean cut;

    /**
     * Not open yet.
     *
     * @param certificates there if the settings want TLS
     * @param refused told of each connection that was closed before its first request
     * @param misuses told of what clients of HTTP/2 did too much of, by its word
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
            Consumer<ConnectionRefusal> refused,
            Consumer<String> misuses) {
        this.settings = settings;
        this.open = new OpenConnections(settings.connections());
        this.timeouts = timeouts;
        this.requests = requests;
        this.unreadable = unreadable;
        this.refused = refused;
        this.misuses = misuses;
        this.sockets = sockets;
        this.certificates = certificates;
        this.byEventLoop = byEventLoop;
        this.bootstrap = new ServerBootstrap()
                .group(acceptor, loops)
                .handler(new Accepted())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFERED);
    }

    /**
     * Listens from now on, unless it is open already, or drains.
     *
     * @return whether this opened it
     * @throws IOException an address cannot be listened on, with which in its message; it may be tried again
     */
    public synchronized boolean open() throws IOException {
        if (draining || address().isPresent()) {
            return false;
        }
        try {
            for (InetSocketAddress address : settings.plain().stream().toList()) {
                plain = Optional.of(bind(address, Optional.empty()));
            }
            for (TlsSettings with : settings.tls().stream().toList()) {
                tls = Optional.of(bind(with.address(), certificates));
            }
            sockets.serving();
            return true;
        } catch (IOException e) {
            plain = Optional.empty();
            tls = Optional.empty();
            sockets.close();
            throw e;
        }
    }

    private InetSocketAddress bind(InetSocketAddress address, Optional<ServerCertificates> with) throws IOException {
        ServerBootstrap serving = bootstrap.clone().childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel accepted) {
                Loop loop = byEventLoop.get(accepted.eventLoop());
                if (loop == null) {
                    throw new IllegalStateException("a connection on a loop that is not ours");
                }
                // On its way to its loop it may have been cut, or reset: then no event would ever end it.
                if (cut || !accepted.isActive()) {
                    accepted.close();
                } else {
                    arrive(accepted, loop, with);
                }
            }
        });
        return (InetSocketAddress) sockets.open(serving, address).localAddress();
    }

    /** 1. Is there room, and whose connection is it? */
    private void arrive(Channel accepted, Loop loop, Optional<ServerCertificates> with) {
        if (!open.take(accepted)) {
            refuse(accepted, ConnectionRefusal.LIMIT);
            return;
        }
        IpAddress peer = Peer.addressOf(accepted.remoteAddress());
        if (!settings.proxyProtocol()) {
            encrypt(accepted, loop, peer, with);
        } else if (peer == null || !settings.trustedProxies().contain(peer)) {
            refuse(accepted, ConnectionRefusal.UNTRUSTED);
        } else {
            ProxyProtocol.Known next = client -> encrypt(accepted, loop, client, with);
            accepted.pipeline().addLast(new ProxyProtocol(loop, timeouts.head(), next, refused));
        }
    }

    /** 2. May it have one more, and is it to be encrypted? */
    private void encrypt(Channel accepted, Loop loop, @Nullable IpAddress client, Optional<ServerCertificates> with) {
        // A trusted proxy speaks for many.
        if (client != null && !settings.trustedProxies().contain(client) && !open.take(accepted, client)) {
            refuse(accepted, ConnectionRefusal.LIMIT_PER_CLIENT);
            return;
        }
        Peer peer = new Peer(client, with.isPresent(), settings.trustedProxies());
        if (with.isEmpty()) {
            accepted.pipeline().addLast(new FirstBytes(this, loop, timeouts, peer));
            return;
        }
        accepted.pipeline()
                .addLast(new PlainHttp())
                .addLast(new SniHandler(
                        with.get(), MAX_CLIENT_HELLO_BYTES, timeouts.head().toMillis()))
                .addLast(new Handshake(
                        protocol -> accepted.pipeline().addLast(speaking(protocol, loop, peer)), refused));
    }

    /** 3. Who speaks with it? Without TLS its first bytes tell, with it ALPN. */
    private ChannelHandler speaking(@Nullable String protocol, Loop loop, Peer peer) {
        return HTTP2.equals(protocol)
                ? new Http2ServerConnection(this, loop, timeouts, peer)
                : new ServerConnection(this, loop, timeouts, peer);
    }

    /** Without a word: an answer would cost a request to read, or a TLS handshake, and of that there is too much already. */
    private void refuse(Channel accepted, ConnectionRefusal refusal) {
        refused.accept(refusal);
        accepted.close();
    }

    /** Where clients connect: without TLS, if it is to be had so. Empty: it is not open yet. */
    public Optional<InetSocketAddress> address() {
        return plain.or(() -> tls);
    }

    /** Where they connect with TLS. Empty: nowhere, or it is not open yet. */
    public Optional<InetSocketAddress> tlsAddress() {
        return tls;
    }

    public int openConnections() {
        return connections.size();
    }

    /** Accepts no more. Connections close after the answer under way; one without a request is given a second for one that is on its way. */
    public synchronized void drain() {
        draining = true;
        sockets.close();
        connections.values().forEach(ClientConnection::drain);
    }

    /** Cuts what is left; WebSockets are told, and close a moment later. */
    public void cutAll() {
        cut = true;
        connections.values().forEach(ClientConnection::close);
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
    public void served(Channel channel, ClientConnection connection) {
        connections.computeIfPresent(channel, (same, before) -> connection);
        if (draining) {
            // It was shaking hands when the drain began.
            connection.drain();
        }
    }

    /** On the acceptor's loop, before a connection goes to its own: so a drain that has closed the sockets knows all there will be. */
    @Sharable
    private final class Accepted extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel accepted = (Channel) message;
            connections.put(accepted, new Arriving(accepted));
            accepted.closeFuture().addListener(closed -> connections.remove(accepted));
            context.fireChannelRead(message);
        }
    }

    /** Nobody speaks on it yet. */
    private record Arriving(Channel accepted) implements ClientConnection {

        /** Who has just connected is about to ask. */
        @Override
        public void drain() {}

        /** One that has no loop yet finds when it gets there that all was cut. */
        @Override
        public void close() {
            if (accepted.isRegistered()) {
                accepted.close();
            }
        }
    }
}
