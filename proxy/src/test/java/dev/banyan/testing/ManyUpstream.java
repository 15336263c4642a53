package dev.banyan.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * An upstream for thousands of connections, on one thread: {@code /large} is answered without an end, {@code /N} with so many bytes,
 * {@code /hang} never, all else with {@code ok}.
 */
public final class ManyUpstream implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final ByteBuf PIECE = Unpooled.unreleasableBuffer(
            Unpooled.wrappedBuffer("x".repeat(PIECE_BYTES).getBytes(StandardCharsets.US_ASCII)));

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final int port;

    public ManyUpstream() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        accepted.pipeline().addLast(new Connection());
                    }
                });
        port = ((InetSocketAddress) bootstrap
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel()
                        .localAddress())
                .getPort();
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Connection extends ChannelInboundHandlerAdapter {
        private final StringBuilder come = new StringBuilder();
        private long left;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            come.append(in.toString(StandardCharsets.ISO_8859_1));
            in.release();
            for (int end = come.indexOf("\r\n\r\n"); end >= 0; end = come.indexOf("\r\n\r\n")) {
                String head = come.substring(0, end);
                come.delete(0, end + 4);
                answer(context, head.substring(head.indexOf('/') + 1, head.indexOf(' ', head.indexOf('/'))));
            }
            if (come.length() > PIECE_BYTES) {
                come.setLength(0); // the body of a request that hangs
            }
            context.flush();
        }

        private void answer(ChannelHandlerContext context, String path) {
            if (path.equals("hang")) {
                return;
            }
            left = path.equals("large") ? Long.MAX_VALUE : path.matches("[0-9]+") ? Long.parseLong(path) : 2;
            context.write(Unpooled.copiedBuffer(
                    "HTTP/1.1 200 OK\r\nContent-Length: " + left + "\r\n\r\n", StandardCharsets.US_ASCII));
            pour(context);
        }

        private void pour(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                int length = (int) Math.min(left, PIECE_BYTES);
                left -= length;
                context.write(PIECE.slice(0, length));
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                pour(context);
                context.flush();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
