package dev.banyan.dataplane.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.testing.RawClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListeningSocketsTest {
    @Test
    void whoever_is_in_the_kernels_queue_when_a_listener_closes_is_served() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no epoll: the queue of other transports cannot be looked into");
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        ListeningSockets sockets =
                new ListeningSockets(EpollServerSocketChannel::new, loops, Optional.empty(), () -> {});
        List<RawClient> clients = new ArrayList<>();
        try {
            Channel listening =
                    sockets.open(accepting(loops), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < 20; i++) {
                RawClient client = new RawClient(((InetSocketAddress) listening.localAddress()).getPort());
                client.send("client " + i);
                clients.add(client);
            }

            sockets.close();

            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).read(("client " + i).length())).isEqualTo("client " + i);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Takes nobody by itself, and echoes. */
    private static ServerBootstrap accepting(EventLoopGroup loops) {
        return new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                context.writeAndFlush(message);
                            }
                        });
                    }
                });
    }
}
