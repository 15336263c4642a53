package dev.banyan.dataplane.listener;

import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.net.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first bytes of a connection where every peer is a balancer that says for whom it is. Goes when it has read them. */
final class ProxyProtocol extends ChannelInboundHandlerAdapter implements Loop.Swept {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocol.class);

    private final Loop loop;
    private final long deadlineNanos;
    private final Known known;
    private final Consumer<ConnectionRefusal> refused;
    private Channel channel;
    private @Nullable ByteBuf unread;
    private boolean over;
    private int slot;

    /** Told once whose connection it is; then adds the handler that reads what follows the header. */
    interface Known {
        void known(@Nullable IpAddress client);
    }

    @SuppressWarnings("NullAway.Init") // the channel is known when the handler is added, before anything else is called
    ProxyProtocol(Loop loop, Duration limit, Known known, Consumer<ConnectionRefusal> refused) {
        this.loop = loop;
        this.deadlineNanos = loop.coarseNanos() + limit.toNanos();
        this.known = known;
        this.refused = refused;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        loop.watch(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = joined(context, (ByteBuf) message);
        ProxyHeader.Parsed outcome = over ? new ProxyHeader.Bad("was refused already") : ProxyHeader.read(in);
        if (outcome instanceof ProxyHeader.More) {
            unread = in;
            return;
        }
        if (outcome instanceof ProxyHeader.Bad bad) {
            in.release();
            refuse(ConnectionRefusal.PROXY_HEADER, bad.why());
            return;
        }
        over = true;
        known.known(outcome instanceof ProxyHeader.From from ? from.client() : Peer.addressOf(channel.remoteAddress()));
        if (in.isReadable()) {
            context.fireChannelRead(in);
        } else {
            in.release();
        }
        context.pipeline().remove(this);
    }

    private ByteBuf joined(ChannelHandlerContext context, ByteBuf more) {
        ByteBuf before = unread;
        unread = null;
        if (before == null) {
            return more;
        }
        ByteBuf both = context.alloc().buffer(before.readableBytes() + more.readableBytes());
        both.writeBytes(before).writeBytes(more);
        before.release();
        more.release();
        return both;
    }

    private void refuse(ConnectionRefusal refusal, String why) {
        if (!over) {
            over = true;
            LOG.debug("closed a connection peer={} reason={} detail=\"{}\"", channel.remoteAddress(), refusal, why);
            refused.accept(refusal);
            channel.close();
        }
    }

    @Override
    public void sweep(long nowNanos) {
        if (nowNanos - deadlineNanos > 0) {
            refuse(ConnectionRefusal.PROXY_TIMEOUT, "the PROXY header did not come in time");
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        loop.forget(this);
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset: there is nobody left to tell.
        context.close();
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int slot) {
        this.slot = slot;
    }
}
