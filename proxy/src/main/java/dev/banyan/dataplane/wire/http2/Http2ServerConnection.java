package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.message.Inbound;
import dev.banyan.dataplane.wire.ClientTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's HTTP/2 connection: gives what is read to the {@link FrameReader}, and ends when its {@link Shutdown} or its {@link
 * Patience} says so. The requests are with {@link RequestStreams}.
 */
public final class Http2ServerConnection extends ChannelInboundHandlerAdapter implements ClientConnection, Loop.Swept {
    /** A client's first bytes. */
    public static final int PREFACE_BYTES = Preface.LENGTH;

    private static final Logger LOG = LoggerFactory.getLogger(Http2ServerConnection.class);

    private final ConnectionHost host;
    private final Loop loop;
    private final ClientTimeouts timeouts;
    private final Peer peer;
    private final Patience patience;
    private final Inbound inbound = new Inbound();
    private Channel channel;
    private Session<ServerStream> session;
    private RequestStreams requests;
    private FrameReader reader;
    private Shutdown shutdown;
    private int slot;

    @SuppressWarnings("NullAway.Init") // what has to do with the channel is known when the handler is added
    public Http2ServerConnection(ConnectionHost host, Loop loop, ClientTimeouts timeouts, Peer peer) {
        this.host = host;
        this.loop = loop;
        this.timeouts = timeouts;
        this.peer = peer;
        this.patience = new Patience(timeouts, loop.coarseNanos());
    }

    /** How much of the client's preface these bytes are, up to {@link #PREFACE_BYTES}; -1 if they are something else. */
    public static int prefaceMatch(ByteBuf firstBytes) {
        return Preface.match(firstBytes);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        HeadLimits heads = host.headLimits();
        Http2Limits limits = host.http2Limits();
        session = new Session<>(channel, loop, heads, limits.windowBytes(), this::undecodable, this::sent);
        requests = new RequestStreams(this, session, host, loop, peer, timeouts, patience);
        reader = new FrameReader(
                new FrameHandler<>(session, requests), channel.alloc(), heads.bytes(), Preface.expected());
        shutdown = new Shutdown(channel, session, requests, reader::stop);
        loop.watch(this);
        host.served(channel, this);
        session.begin(
                FrameType.SETTING_MAX_CONCURRENT_STREAMS,
                limits.streams(),
                FrameType.SETTING_INITIAL_WINDOW_SIZE,
                limits.streamWindowBytes(),
                FrameType.SETTING_MAX_HEADER_LIST_SIZE,
                heads.bytes());
    }

    // Reading and writing.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (!shutdown.isServing()) {
            shutdown.drop(in);
            return;
        }
        session.reading();
        inbound.add(in);
        inbound.offer(reader::read, channel.alloc());
        patience.read(reader, loop.coarseNanos());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.read();
    }

    /** A client that does not read what we have to say is not listened to, or its frames would pile up as answers. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!shutdown.isServing()) {
            return;
        }
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable);
        if (writable) {
            session.send();
        }
    }

    private void sent() {
        requests.sent();
        shutdown.sent();
    }

    // The end.

    private void undecodable(String detail) {
        goAway(Http2Error.COMPRESSION_ERROR, detail);
    }

    /** The client did more of that than is borne. */
    void misused(Misuse kind) {
        if (shutdown.isServing()) {
            host.misused(kind.word());
            goAway(Http2Error.ENHANCE_YOUR_CALM, kind.word());
        }
    }

    /** At once. */
    void goAway(Http2Error error, String detail) {
        shutdown.goAway(error, detail);
    }

    /** Whether new requests are served. */
    boolean takesStreams() {
        return shutdown.takesStreams();
    }

    /** False if the PING was not ours. */
    boolean pingAcknowledged(long content) {
        return shutdown.pingAcknowledged(content);
    }

    @Override
    public void drain() {
        loop.eventLoop().execute(shutdown::begin);
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void sweep(long nowNanos) {
        shutdown.sweep(nowNanos, host.draining(), timeouts.linger().toNanos());
        if (!shutdown.isServing()) {
            return;
        }
        switch (patience.judge(channel, reader, !session.streams().isEmpty(), nowNanos)) {
            case CUT -> channel.close();
            case SLOW_START -> misused(Misuse.SLOW_START);
            case IDLE -> goAway(Http2Error.NO_ERROR, "idle");
            case WAIT -> requests.sweep(nowNanos);
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
        shutdown.closed();
        loop.forget(this);
        reader.stop();
        session.close();
        requests.closeAll();
        inbound.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset, or a write to a connection that is gone: channelInactive says the rest.
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("client connection failed streams={}", session.streams().size(), cause);
        }
        context.close();
    }
}
