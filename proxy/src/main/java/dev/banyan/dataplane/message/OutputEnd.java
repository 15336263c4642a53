package dev.banyan.dataplane.message;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/** The end of what we say on a connection that is still listened to. */
public final class OutputEnd {
    /** What the other end may still send after our last words, before its connection is cut. */
    public static final long MAX_LINGER_BYTES = 1024 * 1024;

    private OutputEnd() {}

    /** All that was written has left. */
    public static void say(SocketChannel socket) {
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        if (tls == null) {
            socket.shutdownOutput();
            return;
        }
        // Without close_notify an answer that ends with its connection would look cut off (RFC 8446, 6.1).
        tls.closeOutbound().addListener(told -> socket.shutdownOutput());
        socket.pipeline().addFirst(new Undecrypted());
    }

    /**
     * Both ends at once, whatever was still to be said. For who goes on sending and reads nothing: a close_notify would wait for
     * seconds until it is read, and what comes meanwhile would be decrypted.
     */
    public static void cut(Channel channel) {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    /** Drops what still comes. Once its output is closed, Netty's TLS handler decrypts nothing more and keeps all that comes. */
    private static final class Undecrypted extends ChannelInboundHandlerAdapter {
        private long bytes;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            bytes += in.readableBytes();
            in.release();
            if (bytes > MAX_LINGER_BYTES) {
                cut(context.channel());
            }
        }
    }
}
