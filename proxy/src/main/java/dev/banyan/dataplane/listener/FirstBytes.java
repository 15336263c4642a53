package dev.banyan.dataplane.listener;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.dataplane.wire.http1.ServerConnection;
import dev.banyan.dataplane.wire.http2.Http2ServerConnection;
import dev.banyan.dataplane.wire.http2.Misuse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Finds out on a connection without TLS whether the client speaks HTTP/2: it does if it begins with the preface of it (RFC 9113,
 * 3.3). With the first byte that says otherwise it is HTTP/1, and this is gone.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter implements ClientConnection, Loop.Swept {
    private final ConnectionHost host;
    private final Loop loop;
    private final ClientTimeouts timeouts;
    private final Peer peer;
    private Channel channel;
    private @Nullable ByteBuf begun;
    private long sinceNanos;
    private boolean decided;
    private int slot;

    @SuppressWarnings("NullAway.Init") // the channel is known when the handler is added
    FirstBytes(ConnectionHost host, Loop loop, ClientTimeouts timeouts, Peer peer) {
        this.host = host;
        this.loop = loop;
        this.timeouts = timeouts;
        this.peer = peer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        sinceNanos = loop.coarseNanos();
        loop.watch(this);
        host.served(channel, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = begun;
        if (before == null) {
            sinceNanos = loop.coarseNanos();
        } else {
            before.writeBytes(in);
            in.release();
            in = before;
        }
        int matched = Http2ServerConnection.prefaceMatch(in);
        if (matched < 0) {
            decide(context, in, new ServerConnection(host, loop, timeouts, peer));
        } else if (matched == Http2ServerConnection.PREFACE_BYTES) {
            decide(context, in, new Http2ServerConnection(host, loop, timeouts, peer));
        } else {
            begun = in;
        }
    }

    private void decide(ChannelHandlerContext context, ByteBuf first, ChannelHandler connection) {
        begun = null;
        context.pipeline().addLast(connection);
        leave();
        context.fireChannelRead(first);
        context.pipeline().remove(this);
    }

    private void leave() {
        if (!decided) {
            decided = true;
            loop.forget(this);
        }
    }

    /** Who has just connected is about to ask: {@link #sweep} closes it if it does not. */
    @Override
    public void drain() {}

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void sweep(long nowNanos) {
        long waited = nowNanos - sinceNanos;
        if (begun == null && waited > timeouts.keepAliveNanos(host.draining())) {
            channel.close();
        } else if (begun != null && waited > timeouts.head().toNanos()) {
            host.misused(Misuse.SLOW_START.word());
            channel.close();
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int slot) {
        this.slot = slot;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        leave();
        ByteBuf rest = begun;
        begun = null;
        if (rest != null) {
            rest.release();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
