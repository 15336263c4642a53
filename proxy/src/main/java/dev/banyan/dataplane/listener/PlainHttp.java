package dev.banyan.dataplane.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SniCompletionEvent;
import java.nio.charset.StandardCharsets;

/**
 * Before the TLS handlers until the first bytes have come: tells who speaks HTTP here in its own language what is wrong, as nginx does. A
 * person with a wrong address would otherwise see a connection that ends for no reason.
 */
final class PlainHttp extends ChannelInboundHandlerAdapter {
    /** No record of TLS begins with three capital letters, and every method of HTTP does. */
    private static final int LETTERS = 3;

    private static final String WORDS = "This port speaks TLS, and the request came without it: ask by https://\n";

    private static final byte[] ANSWER = ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Length: " + WORDS.length() + "\r\nConnection: close\r\n\r\n" + WORDS)
            .getBytes(StandardCharsets.US_ASCII);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (isHttp(in)) {
            in.release();
            context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER));
            // Who waits for the handshake counts it and closes.
            context.fireUserEventTriggered(new SniCompletionEvent(new NotSslRecordException("HTTP without TLS")));
            return;
        }
        context.fireChannelRead(in);
        context.pipeline().remove(this);
    }

    private static boolean isHttp(ByteBuf in) {
        if (in.readableBytes() < LETTERS) {
            return false;
        }
        for (int i = in.readerIndex(); i < in.readerIndex() + LETTERS; i++) {
            byte b = in.getByte(i);
            if (b < 'A' || b > 'Z') {
                return false;
            }
        }
        return true;
    }
}
