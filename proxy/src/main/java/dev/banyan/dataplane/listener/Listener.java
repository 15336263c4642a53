package dev.banyan.dataplane.listener;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.MessageError;
import dev.banyan.dataplane.wire.http1.ServerConnection;
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

/**
 * The sockets towards clients. One exclusive acceptor hands connections to the event loops, so that a taken port is an error, and a
 * drain cuts no connection that the kernel has queued for another listener (as SO_REUSEPORT would).
 */
public final class Listener implements ConnectionHost {
    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark BUFFERED = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Consumer<Exchange> requests;
    private final BiConsumer<Exchange, MessageError> unreadable;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Channel channel;

    // Written by who stops the listener, read by every loop for each answer.
    private volatile boolean draining;

    /**
     * Binds.
     *
     * @throws IOException if the address cannot be listened on, with the address in its message
     */
    public Listener(
            InetSocketAddress address,
            EventLoopGroup acceptor,
            EventLoopGroup loops,
            Map<Object, Loop> byEventLoop,
            ChannelFactory<? extends ServerSocketChannel> sockets,
            ServerConnection.Timeouts timeouts,
            Consumer<Exchange> requests,
            BiConsumer<Exchange, MessageError> unreadable)
            throws IOException {
        this.requests = requests;
        this.unreadable = unreadable;
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
                        accepted.pipeline().addLast(new ServerConnection(Listener.this, loop, timeouts));
                    }
                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        channel = bound.channel();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    public int openConnections() {
        return connections.size();
    }

    /** Accepts no more; connections close after the answer under way, idle ones at once. */
    public void drain() {
        draining = true;
        channel.close().awaitUninterruptibly();
        connections.forEach(ClientConnection::drain);
    }

    /** Cuts what is left. */
    public void cutAll() {
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
