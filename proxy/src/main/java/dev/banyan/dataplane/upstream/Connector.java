package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.http1.UpstreamConnection;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Opens connections to endpoints, on the loop of who asks. */
public final class Connector {
    private final ChannelFactory<? extends SocketChannel> sockets;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final AddressRules rules;
    private final Map<Upstream.Tls, SslContext> contexts = new ConcurrentHashMap<>();

    public Connector(
            ChannelFactory<? extends SocketChannel> sockets,
            AddressResolverGroup<InetSocketAddress> resolver,
            AddressRules rules) {
        this.sockets = sockets;
        this.resolver = resolver;
        this.rules = rules;
    }

    /** Calls one of the two on {@code loop}, later. */
    void connect(
            Loop loop,
            EndpointHandle endpoint,
            Duration timeout,
            UpstreamConnection connection,
            Runnable connected,
            Consumer<Throwable> failed) {
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
                    protected void initChannel(Channel channel) throws SSLException {
                        channel.pipeline().addLast(rules.gate());
                        if (endpoint.endpoint().tls()) {
                            channel.pipeline().addLast(tls(endpoint.wire(), channel));
                        }
                    }
                })
                .connect(endpoint.address())
                .addListener(future -> {
                    if (future.isSuccess()) {
                        Channel channel = ((io.netty.channel.ChannelFuture) future).channel();
                        channel.pipeline().addLast(connection);
                        connected.run();
                    } else {
                        failed.accept(future.cause());
                    }
                });
    }

    private SslHandler tls(EndpointHandle.Wire wire, Channel channel) throws SSLException {
        Endpoint endpoint = wire.endpoint();
        SslContext context = contexts.get(wire.tls());
        if (context == null) {
            SslContextBuilder builder = SslContextBuilder.forClient();
            wire.tls().ca().ifPresent(file -> builder.trustManager(file.toFile()));
            context = builder.build();
            contexts.put(wire.tls(), context);
        }
        String name = wire.tls().serverName().orElse(endpoint.host());
        SSLEngine engine = context.newEngine(channel.alloc(), name, endpoint.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name)) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }
}
