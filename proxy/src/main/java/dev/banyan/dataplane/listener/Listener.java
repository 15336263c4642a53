package dev.banyan.dataplane.listener;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.MessageError;
import dev.banyan.dataplane.wire.http1.ServerConnection;
import dev.banyan.net.IpAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
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
    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark BUFFERED = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final ListenerSettings settings;
    private final ServerConnection.Timeouts timeouts;
    private final Consumer<Exchange> requests;
    private final BiConsumer<Exchange, MessageError> unreadable;
    private final Consumer<Refusal> refused;
    private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();
    private final Consumer<String> misuses;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Channel channel;

    // Written by who stops the listener, read by every loop for each answer.
    private volatile boolean draining;

    /**
     * Binds.
     *
     * @param refused told of each connection that was closed before its first request
     * @param misuses told of what clients of HTTP/2 did too much of, by its word
     * @throws IOException if the address cannot be listened on, with the address in its message
     */
    public Listener(
            ListenerSettings settings,
            EventLoopGroup acceptor,
            EventLoopGroup loops,
            Map<Object, Loop> byEventLoop,
            ChannelFactory<? extends ServerSocketChannel> sockets,
            ServerConnection.Timeouts timeouts,
            Consumer<Exchange> requests,
            BiConsumer<Exchange, MessageError> unreadable,
            Consumer<Refusal> refused,
            Consumer<String> misuses)
            throws IOException {
        this.settings = settings;
        this.timeouts = timeouts;
        this.requests = requests;
        this.unreadable = unreadable;
        this.refused = refused;
        this.misuses = misuses;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, loops)
                .channelFactory(sockets)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFERED)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        Loop loop = byEventLoop.get(accepted.eventLoop());
                        if (loop == null) {
                            throw new IllegalStateException("a connection on a loop that is not ours");
                        }
                        arrive(accepted, loop);
                    }
                });
        var bound = bootstrap.bind(settings.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + settings.address(), bound.cause());
        }
        channel = bound.channel();
    }

    /** 1. Whose connection is it? */
    private void arrive(Channel accepted, Loop loop) {
        IpAddress peer = Peer.addressOf(accepted.remoteAddress());
        if (!settings.proxyProtocol()) {
            serve(accepted, loop, peer);
        } else if (peer == null || !settings.trustedProxies().contain(peer)) {
            refused.accept(Refusal.UNTRUSTED);
            accepted.close();
        } else {
            arriving.add(accepted);
            accepted.closeFuture().addListener(closed -> arriving.remove(accepted));
            accepted.pipeline()
                    .addLast(
                            new ProxyProtocol(loop, timeouts.head(), client -> serve(accepted, loop, client), refused));
        }
    }

    /** 2. Who speaks with it. */
    private void serve(Channel accepted, Loop loop, @Nullable IpAddress client) {
        Peer peer = new Peer(client, false, settings.trustedProxies());
        accepted.pipeline().addLast(new FirstBytes(this, loop, timeouts, peer));
        arriving.remove(accepted);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    public int openConnections() {
        return connections.size() + arriving.size();
    }

    /** Accepts no more; connections close after the answer under way, idle ones at once. */
    public void drain() {
        draining = true;
        channel.close().awaitUninterruptibly();
        connections.forEach(ClientConnection::drain);
    }

    /** Cuts what is left. */
    public void cutAll() {
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
    public boolean draining() {
        return draining;
    }

    @Override
    public void opened(ClientConnection connection) {
        connections.add(connection);
    }

    @Override
    public void closed(ClientConnection connection) {
        connections.remove(connection);
    }
}
