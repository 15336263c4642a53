package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.net.Race;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One connection to an endpoint on its way: the name's addresses, a race between them, and, with TLS, the winner's handshake. */
final class Connecting implements Race.Course<InetSocketAddress, Channel, Throwable> {
    private final Connector connector;
    private final Loop loop;
    private final EndpointHandle endpoint;
    private final Duration timeout;
    private final ChannelHandler connection;
    private final Runnable connected;
    private final Consumer<String> failed;
    private final long deadlineNanos;
    private final List<Channel> opening = new ArrayList<>(1);
    private final List<Race.Failure<InetSocketAddress, Throwable>> failures = new ArrayList<>(1);
    private boolean several;
    private boolean won;

    Connecting(
            Connector connector,
            Loop loop,
            EndpointHandle endpoint,
            Duration timeout,
            ChannelHandler connection,
            Runnable connected,
            Consumer<String> failed) {
        this.connector = connector;
        this.loop = loop;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.connection = connection;
        this.connected = connected;
        this.failed = failed;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    void begin() {
        try {
            if (endpoint.trust().isPresent()) {
                endpoint.trust().get().demandAuthorities();
            }
        } catch (Trust.NobodyTrusted e) {
            loop.eventLoop().execute(() -> failed.accept(UpstreamTls.describe(endpoint.endpoint(), e)));
            return;
        }
        new Lookup().begin();
    }

    /** The name's addresses, or, when the time is over, none. */
    private final class Lookup {
        private @Nullable ScheduledFuture<?> limit;
        private boolean over;

        void begin() {
            connector.addresses(
                    loop.eventLoop(), endpoint, found -> end(() -> race(found)), cause -> end(() -> unresolved(cause)));
            if (!over) {
                limit = loop.eventLoop()
                        .schedule(() -> end(Connecting.this::unresolvedInTime), leftNanos(), TimeUnit.NANOSECONDS);
            }
        }

        private void end(Runnable then) {
            if (!over) {
                over = true;
                if (limit != null) {
                    limit.cancel(false);
                }
                then.run();
            }
        }
    }

    private void unresolved(Throwable cause) {
        loop.eventLoop()
                .execute(() -> failed.accept(
                        failures.isEmpty()
                                ? ConnectFailure.unresolved(endpoint.endpoint(), cause)
                                : ConnectFailure.describe(endpoint, failures)));
    }

    private void unresolvedInTime() {
        failed.accept(ConnectFailure.unresolvedInTime(endpoint.endpoint()));
    }

    /** In the order in which they are found; what was tried before is not tried again. */
    private void race(List<InetSocketAddress> found) {
        List<InetSocketAddress> untried = found.stream()
                .filter(address ->
                        failures.stream().noneMatch(failure -> failure.place().equals(address)))
                .toList();
        if (untried.isEmpty()) {
            failed.accept(ConnectFailure.describe(endpoint, failures));
            return;
        }
        several = found.size() > 1;
        new Race<>(untried, Duration.ofNanos(leftNanos()), this, System::nanoTime).begin();
    }

    private long leftNanos() {
        return deadlineNanos - System.nanoTime();
    }

    @Override
    public void later(Duration delay, Runnable task) {
        loop.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void open(InetSocketAddress address, Duration limit, Race.Runner<Channel, Throwable> runner) {
        String refusal = connector.refusal(address);
        if (refusal != null) {
            loop.eventLoop().execute(() -> fails(address, new AddressRules.Refused(refusal), runner));
            return;
        }
        ChannelFuture opened = connector.open(loop, address, limit);
        opening.add(opened.channel());
        opened.addListener(future -> {
            if (future.isSuccess()) {
                runner.stands(opened.channel());
            } else {
                fails(address, future.cause(), runner);
            }
        });
    }

    private void fails(InetSocketAddress address, Throwable cause, Race.Runner<Channel, Throwable> runner) {
        if (several && !won) {
            endpoint.addresses().failed(address.getAddress(), System.nanoTime());
        }
        runner.failed(cause);
    }

    @Override
    public void close(Channel loser) {
        loser.close();
    }

    @Override
    public void won(InetSocketAddress address, Channel winner) {
        won = true;
        opening.stream().filter(channel -> channel != winner).forEach(Channel::close);
        if (several) {
            endpoint.addresses().stood(address.getAddress());
        }
        if (endpoint.trust().isPresent()) {
            encrypt(winner, endpoint.trust().get());
        } else {
            winner.pipeline().addLast(connection);
            connected.run();
        }
    }

    /** Name servers answer for one family before the other, and may know more by now. */
    @Override
    public void lost(List<Race.Failure<InetSocketAddress, Throwable>> lost) {
        failures.addAll(lost);
        if (endpoint.literal() == null && leftNanos() > 0) {
            new Lookup().begin();
        } else {
            failed.accept(ConnectFailure.describe(endpoint, failures));
        }
    }

    /** With TLS a connection is one only when its certificate has been verified. */
    private void encrypt(Channel channel, Trust trust) {
        SslHandler tls;
        try {
            tls = trust.handler(endpoint.wire(), ByteBufAllocator.DEFAULT, timeout);
        } catch (SSLException e) {
            channel.close();
            failed.accept(UpstreamTls.describe(endpoint.endpoint(), e));
            return;
        }
        Shaking shaking = new Shaking();
        // A handshake that cannot even begin is told to who comes behind it.
        channel.pipeline().addLast(tls).addLast(shaking);
        tls.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                channel.pipeline().replace(shaking, null, connection);
                connected.run();
            } else {
                channel.close();
                failed.accept(UpstreamTls.describe(endpoint.endpoint(), shaken.cause()));
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
