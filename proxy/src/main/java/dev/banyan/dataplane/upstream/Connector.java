package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.dataplane.tls.TlsProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens connections to endpoints, on the loop of who asks. */
public final class Connector {
    private final ChannelFactory<? extends SocketChannel> sockets;
    private final Names names;
    private final AddressRules rules;
    private final UpstreamTls tls;

    public Connector(
            ChannelFactory<? extends SocketChannel> sockets, Names names, AddressRules rules, FileWatch certificates) {
        this.sockets = sockets;
        this.names = names;
        this.rules = rules;
        this.tls = new UpstreamTls(TlsProvider.best(), certificates);
    }

    /** How connections are encrypted. */
    UpstreamTls tls() {
        return tls;
    }

    Names names() {
        return names;
    }

    /**
     * Calls one of the two on {@code loop}, later.
     *
     * @param timeout until a connection stands; with TLS, its handshake may take as long again
     * @param failed told why, as the end of a sentence that begins with the upstream's name
     */
    void connect(
            Loop loop,
            EndpointHandle endpoint,
            Duration timeout,
            ChannelHandler connection,
            Runnable connected,
            Consumer<String> failed) {
        new Connecting(this, loop, endpoint, timeout, connection, connected, failed).begin();
    }

    /**
     * The addresses of an endpoint in the order in which to try them: a literal is the only one and is not resolved. Calls one of the two
     * on {@code loop}, at once or later.
     */
    void addresses(
            EventLoop loop,
            EndpointHandle endpoint,
            Consumer<List<InetSocketAddress>> found,
            Consumer<Throwable> failed) {
        InetSocketAddress literal = endpoint.literal();
        if (literal != null) {
            found.accept(List.of(literal));
            return;
        }
        names.resolve(loop, endpoint.endpoint(), addresses -> found.accept(inOrder(endpoint, addresses)), failed);
    }

    private static List<InetSocketAddress> inOrder(EndpointHandle endpoint, List<InetAddress> addresses) {
        int port = endpoint.endpoint().port();
        return endpoint.addresses().inOrder(addresses, System.nanoTime()).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /**
     * Why no connection is made to the address; null if it may be. Asked of what is connected to, at the last moment, so that no answer of
     * a name server comes between.
     */
    @Nullable
    String refusal(InetSocketAddress address) {
        return rules.refusal(address);
    }

    /** Begins a connection that has nothing on it yet. */
    ChannelFuture open(Loop loop, InetSocketAddress address, Duration timeout) {
        return new Bootstrap()
                .group(loop.eventLoop())
                .channelFactory(sockets)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // An upstream that refuses an upload answers, then closes: a write that fails must not lose the answer.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, timeout.toMillis()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // What belongs on it comes when it stands: of several addresses one will.
                    }
                })
                .connect(address);
    }
}
