package dev.banyan.dataplane.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes listening sockets to the process that takes over, so that a restart refuses nobody: the socket itself lives on, with what the
 * kernel has queued for it, and for a moment both processes accept from it.
 *
 * <p>The one that takes over sends the address it wants over a Unix socket in the data directory, which nobody else may enter, and gets
 * the descriptor (unix(7), SCM_RIGHTS). Once it serves it says so, and the one before it drains. If it dies before, nothing has changed.
 */
public final class Handover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String SERVING = "serving\n";
    private static final int LONGEST_LINE = 256;

    private final Channel server;
    private final Path path;
    // Set by an event loop, read by who closes.
    private volatile boolean over;

    private Handover(Channel server, Path path) {
        this.server = server;
        this.path = path;
    }

    /**
     * Offers listening sockets until it is closed.
     *
     * @param sockets by the address each was bound to
     * @param takenOver told on an event loop, once, when another process serves from one of them
     * @throws IOException the path cannot be used
     */
    static Handover offer(EventLoopGroup loops, Path path, Map<String, Channel> sockets, Runnable takenOver)
            throws IOException {
        // Under a name of its own first: Netty removes the name it was bound to when it closes, and by then the path is
        // another's.
        Path own = path.resolveSibling(
                path.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8));
        CompletableFuture<Handover> self = new CompletableFuture<>();
        Runnable once = () -> self.thenAccept(handover -> {
            if (!handover.over) {
                handover.over = true;
                takenOver.run();
            }
        });
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new Giver(sockets, once));
                    }
                })
                .bind(new DomainSocketAddress(own.toFile()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + path, bound.cause());
        }
        Files.move(own, path, StandardCopyOption.ATOMIC_MOVE);
        Handover handover = new Handover(bound.channel(), path);
        self.complete(handover);
        return handover;
    }

    /** Whether this system can pass sockets on. */
    static boolean possible() {
        return Epoll.isAvailable();
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        if (over) {
            return; // the path is the other process's now
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("could not remove {} cause={}", path, e.toString());
        }
    }

    /** The side that has the sockets. */
    private static final class Giver extends ChannelInboundHandlerAdapter {
        private final Map<String, Channel> sockets;
        private final Runnable takenOver;
        private final StringBuilder line = new StringBuilder();

        Giver(Map<String, Channel> sockets, Runnable takenOver) {
            this.sockets = sockets;
            this.takenOver = takenOver;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            line.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
            for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
                String whole = line.substring(0, end + 1);
                line.delete(0, end + 1);
                heard(context, whole);
            }
            if (line.length() > LONGEST_LINE) {
                context.close();
            }
        }

        private void heard(ChannelHandlerContext context, String whole) {
            if (whole.equals(SERVING)) {
                LOG.info("another process has taken over");
                context.close();
                takenOver.run();
                return;
            }
            Channel socket = sockets.get(whole.strip());
            if (socket instanceof UnixChannel unix && socket.isOpen()) {
                context.writeAndFlush(new FileDescriptor(unix.fd().intValue()));
            } else {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.warn("handing over failed cause={}", cause.toString());
            context.close();
        }
    }

    /** A listening socket that another process has passed on. */
    static final class Received {
        private final int descriptor;
        private final Channel giver;

        private Received(int descriptor, Channel giver) {
            this.descriptor = descriptor;
            this.giver = giver;
        }

        int descriptor() {
            return descriptor;
        }

        /** Tells the other process that this one serves: it drains from now on. */
        void serving() {
            ByteBuf line = ByteBufUtil.writeAscii(giver.alloc(), SERVING);
            giver.writeAndFlush(line).addListener(written -> giver.close());
        }
    }

    /**
     * Asks the process that listens on {@code address} for its socket. Waits; not for an event loop.
     *
     * @throws IOException nobody offers it
     */
    static Received ask(EventLoopGroup loops, Path path, InetSocketAddress address) throws IOException {
        CompletableFuture<Integer> descriptor = new CompletableFuture<>();
        var connected = new Bootstrap()
                .group(loops)
                .channel(EpollDomainSocketChannel.class)
                .option(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .handler(new Receiver(descriptor))
                .connect(new DomainSocketAddress(path.toFile()))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new IOException("nobody hands over " + address + " at " + path, connected.cause());
        }
        Channel giver = connected.channel();
        giver.writeAndFlush(Unpooled.copiedBuffer(key(address) + "\n", StandardCharsets.US_ASCII));
        try {
            return new Received(descriptor.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), giver);
        } catch (ExecutionException | TimeoutException e) {
            giver.close();
            throw new IOException("the process that has " + address + " does not hand it over", e);
        } catch (InterruptedException e) {
            giver.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + address + " was handed over", e);
        }
    }

    /** How both processes name a listener: as it was asked for, so that the same settings find it. */
    static String key(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Integer> descriptor;

        Receiver(CompletableFuture<Integer> descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            descriptor.complete(((FileDescriptor) message).intValue());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            descriptor.completeExceptionally(new IOException("it closed the connection"));
        }
    }
}
