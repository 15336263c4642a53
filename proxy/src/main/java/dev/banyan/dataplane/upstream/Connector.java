package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.dataplane.tls.TlsProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Opens connections to endpoints, on the loop of who asks. */
public final class Connector {
    private final ChannelFactory<? extends SocketChannel> sockets;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final AddressRules rules;
    private final UpstreamTls tls;

    public Connector(
            ChannelFactory<? extends SocketChannel> sockets,
            AddressResolverGroup<InetSocketAddress> resolver,
            AddressRules rules,
            FileWatch certificates) {
        this.sockets = sockets;
        this.resolver = resolver;
        this.rules = rules;
        this.tls = new UpstreamTls(TlsProvider.best(), certificates);
    }

    /** How connections are encrypted. */
    UpstreamTls tls() {
        return tls;
    }

    /** Calls one of the two on {@code loop}, later. */
    void connect(
            Loop loop,
            EndpointHandle endpoint,
            Duration timeout,
            ChannelHandler connection,
            Runnable connected,
            Consumer<Throwable> failed) {
        Optional<SslHandler> encrypting;
        try {
            encrypting = endpoint.trust().isPresent()
                    ? Optional.of(endpoint.trust().get().handler(endpoint.wire(), ByteBufAllocator.DEFAULT, timeout))
                    : Optional.empty();
        } catch (SSLException e) {
            loop.eventLoop().execute(() -> failed.accept(e));
            return;
        }
        new Bootstrap()
                .group(loop.eventLoop())
                .channelFactory(sockets)
                .resolver(resolver)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // An upstream that refuses an upload answers, then closes: a write that fails must not lose the answer.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(rules.gate());
                        encrypting.ifPresent(channel.pipeline()::addLast);
                    }
                })
                .connect(endpoint.address())
                .addListener(future -> {
                    if (future.isSuccess()) {
                        Channel channel = ((ChannelFuture) future).channel();
                        whenEncrypted(channel, connection, connected, failed);
                    } else {
                        failed.accept(future.cause());
                    }
                });
    }

    /** With TLS a connection is one only when its certificate has been verified. */
    private static void whenEncrypted(
            Channel channel, ChannelHandler connection, Runnable connected, Consumer<Throwable> failed) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addLast(connection);
            connected.run();
            return;
        }
        Shaking shaking = new Shaking();
        channel.pipeline().addLast(shaking);
        tls.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                channel.pipeline().replace(shaking, null, connection);
                connected.run();
            } else {
                channel.close();
                failed.accept(shaken.cause());
            }
        });
    }

    /** What goes wrong within a handshake, its future tells. */
    private static final class Shaking extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
