package dev.banyan.dataplane.wire.tunnel;

import dev.banyan.dataplane.message.OutputEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One direction of a tunnel: stands behind the connection that the bytes come from. Both run on one event loop. */
final class Relay extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Tunnel tunnel;
    private final Channel from;
    private final Channel to;
    private final FrameTracker frames = new FrameTracker();
    private long bytes;
    private boolean ending;
    private boolean ended;

    Relay(Tunnel tunnel, Channel from, Channel to) {
        this.tunnel = tunnel;
        this.from = from;
        this.to = to;
    }

    Channel from() {
        return from;
    }

    /** Bytes that were passed on. */
    long bytes() {
        return bytes;
    }

    /** Whether its end was passed on, so that nothing more goes this way. */
    boolean ended() {
        return ended;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ending || !(message instanceof ByteBuf data)) {
            ReferenceCountUtil.release(message);
            return;
        }
        tunnel.moved();
        bytes += data.readableBytes();
        frames.passes(data);
        to.write(data, to.voidPromise());
        readIfThereIsRoom();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        to.flush();
    }

    /** Nothing is read for a side that does not take it. After the end, all is: it is dropped, and shows when the connection closes. */
    void readIfThereIsRoom() {
        boolean wanted = ending || to.isWritable();
        if (from.config().isAutoRead() != wanted) {
            from.config().setAutoRead(wanted);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        tunnel.opposite(this).readIfThereIsRoom();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // With TLS close_notify is the end (RFC 8446, 6.1): whoever sends it may keep the connection below it open.
        if (event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS) {
            end();
        }
        context.fireUserEventTriggered(event);
    }

    /** Puts a frame of our own in, if the frames that have passed leave room for one. */
    void interject(ByteBuf frame) {
        if (ending || !frames.betweenFrames()) {
            frame.release();
        } else {
            to.write(frame, to.voidPromise());
        }
    }

    /** There is nobody any more whom what comes could go to. */
    void drop() {
        ending = true;
        ended = true;
        readIfThereIsRoom();
    }

    /** Nothing more comes this way: the other side is told, once it has all that came before. */
    void end() {
        if (ending) {
            return;
        }
        ending = true;
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(all -> {
            ended = true;
            shutDownOutput();
            tunnel.oneWayEnded();
        });
        readIfThereIsRoom();
    }

    private void shutDownOutput() {
        if (to instanceof SocketChannel socket) {
            OutputEnd.say(socket);
        } else {
            to.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        tunnel.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        tunnel.broken(this);
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("tunnel failed", cause);
        }
        from.close();
    }
}
