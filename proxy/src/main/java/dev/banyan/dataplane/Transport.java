package dev.banyan.dataplane;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** Which of Netty's transports is used: epoll where it is, NIO elsewhere. */
record Transport(
        IoHandlerFactory handlers,
        ChannelFactory<? extends ServerSocketChannel> serverSockets,
        ChannelFactory<? extends SocketChannel> clientSockets,
        ChannelFactory<? extends DatagramChannel> datagramSockets) {

    static Transport best() {
        return Epoll.isAvailable()
                ? new Transport(
                        EpollKeepingRegistered.factory(),
                        EpollServerSocketChannel::new,
                        EpollSocketChannel::new,
                        EpollDatagramChannel::new)
                : new Transport(
                        NioIoHandler.newFactory(),
                        NioServerSocketChannel::new,
                        NioSocketChannel::new,
                        NioDatagramChannel::new);
    }
}
