package dev.banyan.dataplane.listener;

import dev.banyan.net.ListenFailure;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets that listen: bound here, or passed on by the process that is being taken over; and passed on in turn. */
public final class ListeningSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningSockets.class);

    /** As Netty's native code writes it: a length, an IPv6 address, its scope, a port. */
    private static final int MAX_ADDRESS_BYTES = 26;

    private final ChannelFactory<? extends ServerSocketChannel> sockets;
    private final EventLoopGroup loops;
    private final Optional<Path> meeting;
    private final Runnable takenOver;
    private final Map<String, Channel> open = new ConcurrentHashMap<>();
    private final List<Handover.Received> received = new ArrayList<>();
    private @Nullable Handover handover;

    /**
     * None yet.
     *
     * @param loops for passing them on
     * @param meeting the path of a Unix socket by which processes pass them on; empty: they do not
     * @param takenOver told once, when another process serves from them
     */
    public ListeningSockets(
            ChannelFactory<? extends ServerSocketChannel> sockets,
            EventLoopGroup loops,
            Optional<Path> meeting,
            Runnable takenOver) {
        this.sockets = sockets;
        this.loops = loops;
        this.meeting = meeting.filter(path -> Handover.possible());
        this.takenOver = takenOver;
    }

    /**
     * Begins to accept.
     *
     * @param bootstrap all but the kind of socket
     * @throws IOException somebody has the address and does not pass it on
     */
    Channel open(ServerBootstrap bootstrap, InetSocketAddress address) throws IOException {
        var bound = bootstrap.clone().channelFactory(sockets).bind(address).awaitUninterruptibly();
        Channel channel = bound.isSuccess() ? bound.channel() : passedOn(bootstrap, address, bound.cause());
        channel.pipeline().addLast(new AcceptFailures());
        open.put(Handover.key(address), channel);
        return channel;
    }

    private Channel passedOn(ServerBootstrap bootstrap, InetSocketAddress address, Throwable taken) throws IOException {
        if (meeting.isEmpty()) {
            throw ListenFailure.of(Handover.key(address), taken);
        }
        Handover.Received socket;
        try {
            socket = Handover.ask(loops, meeting.get(), address);
        } catch (IOException e) {
            LOG.debug("no listener was passed on address={} cause={}", address, e.toString());
            throw ListenFailure.of(Handover.key(address), taken);
        }
        received.add(socket);
        var registered = bootstrap
                .clone()
                .channelFactory(() -> new EpollServerSocketChannel(socket.descriptor()))
                .register()
                .awaitUninterruptibly();
        if (!registered.isSuccess()) {
            throw new IOException("cannot use the socket of " + address + " that was passed on", registered.cause());
        }
        LOG.info("took a listener over address={}", address);
        return registered.channel();
    }

    /** All are open: says so to the process that passed them on, and offers them to the next. */
    void serving() {
        meeting.ifPresent(this::offer);
        received.forEach(Handover.Received::serving);
    }

    /** Without it a restart is as it is everywhere: a moment in which nobody listens. No reason not to serve. */
    private void offer(Path path) {
        try {
            handover = Handover.offer(loops, path, open, takenOver);
        } catch (IOException e) {
            LOG.warn("listeners cannot be passed on to another process cause={}", e.toString());
        }
    }

    /** Accepts no more. A socket that was passed on goes on elsewhere. */
    @Override
    public void close() {
        Handover offered = handover;
        handover = null;
        if (offered != null) {
            offered.close();
        }
        List<Channel> listening = List.copyOf(open.values());
        open.clear();
        listening.forEach(channel -> channel.eventLoop()
                .submit(() -> {
                    acceptQueued(channel);
                    return channel.close();
                })
                .awaitUninterruptibly());
    }

    /**
     * Whoever the kernel has connected and we have not taken is served, too: closing the socket would reset them. It leaves who connects
     * within the next microseconds; without those, {@code drain.delay} is for whoever sends traffic.
     */
    private static void acceptQueued(Channel listening) {
        if (!(listening instanceof EpollServerSocketChannel epoll && epoll.fd() instanceof Socket socket)) {
            return;
        }
        byte[] address = new byte[MAX_ADDRESS_BYTES];
        try {
            for (int i = 0; i < Listener.BACKLOG; i++) {
                int descriptor = socket.accept(address);
                if (descriptor < 0) {
                    return;
                }
                listening.pipeline().fireChannelRead(new EpollSocketChannel(descriptor));
            }
        } catch (IOException e) {
            LOG.debug("the queue of a listener could not be emptied cause={}", e.toString());
        }
    }
}
