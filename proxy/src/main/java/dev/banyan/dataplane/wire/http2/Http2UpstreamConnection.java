package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Inbound;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP/2 connection to an endpoint: how it begins, how long it rests, how it ends. The attempts are with {@link AttemptStreams}. */
public final class Http2UpstreamConnection extends ChannelInboundHandlerAdapter implements Loop.Swept {
    /** Of each answer, before a client took any of it. */
    static final int STREAM_WINDOW_BYTES = 256 * 1024;

    /** So that a few answers whose clients are slow do not hold up the others. */
    private static final int WINDOW_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Http2UpstreamConnection.class);

    private final Home home;
    private final Loop loop;
    private final boolean tls;
    private final long startTimeoutNanos;
    private final Inbound inbound = new Inbound();
    private Channel channel;
    private Session<Http2UpstreamStream> session;
    private AttemptStreams attempts;
    private FrameReader reader;
    private State state = State.STARTING;
    private @Nullable String neverReady = "closed the connection before it spoke HTTP/2";
    private long sinceNanos;
    private int slot;

    private enum State {
        /** The peer has not shown yet that it speaks HTTP/2. */
        STARTING,
        READY,
        /** No stream begins any more; those under way go on. */
        LEAVING,
        OVER
    }

    /** Who gives streams of it to exchanges. Told on its loop. */
    public interface Home {
        /** How long it may rest. */
        long keepAliveNanos();

        /** The peer speaks HTTP/2: streams may begin. */
        void ready(Http2UpstreamConnection connection);

        /** One stream less: there may be room for another. */
        void freed(Http2UpstreamConnection connection);

        /** No new stream may begin; those under way go on. */
        void leaving(Http2UpstreamConnection connection);

        /**
         * The connection is gone.
         *
         * @param neverReady why it never was ready, to end a sentence that begins with the upstream's name; null if it was
         */
        void closed(Http2UpstreamConnection connection, @Nullable String neverReady);
    }

    @SuppressWarnings("NullAway.Init") // what has to do with the channel is known when the handler is added
    public Http2UpstreamConnection(Home home, Loop loop, boolean tls, Duration startTimeout) {
        this.home = home;
        this.loop = loop;
        this.tls = tls;
        this.startTimeoutNanos = startTimeout.toNanos();
    }

    // It begins.

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        session = new Session<>(channel, loop, HeadLimits.OF_ANSWERS, WINDOW_BYTES, this::undecodable, () -> {});
        attempts = new AttemptStreams(this, session, tls);
        reader = new FrameReader(
                new FrameHandler<>(session, attempts), channel.alloc(), HeadLimits.OF_ANSWERS.bytes(), Preface.none());
        sinceNanos = loop.coarseNanos();
        loop.watch(this);
        SslHandler shaken = channel.pipeline().get(SslHandler.class);
        if (shaken == null || ApplicationProtocolNames.HTTP_2.equals(shaken.applicationProtocol())) {
            sayPreface();
        } else {
            neverReady = "does not speak HTTP/2: it did not agree on h2 by ALPN";
            channel.close();
        }
    }

    private void sayPreface() {
        session.writer().preface(Preface.bytes());
        session.begin(
                FrameType.SETTING_ENABLE_PUSH,
                0,
                FrameType.SETTING_INITIAL_WINDOW_SIZE,
                STREAM_WINDOW_BYTES,
                FrameType.SETTING_MAX_HEADER_LIST_SIZE,
                HeadLimits.OF_ANSWERS.bytes());
    }

    /** The peer's settings have come: how many streams it allows may be another number now. */
    void settled() {
        if (state == State.STARTING) {
            state = State.READY;
            neverReady = null;
            sinceNanos = loop.coarseNanos();
            home.ready(this);
        } else if (state == State.READY) {
            home.freed(this);
        }
    }

    // Streams.

    /** How many more may begin now. */
    public int room() {
        return state == State.READY && channel.isActive() ? attempts.room() : 0;
    }

    /** How many requests are under way. */
    public int busy() {
        return attempts.underWay();
    }

    /** How long nothing has been under way, in nanoseconds; 0 if something is. */
    public long restedNanos() {
        return busy() > 0 ? 0 : loop.coarseNanos() - sinceNanos;
    }

    /** A place for one exchange; there is room. */
    public UpstreamStream open() {
        assert room() > 0 : "a stream too many";
        return attempts.reserve();
    }

    /** There may be one stream less. */
    void freed() {
        if (busy() == 0) {
            sinceNanos = loop.coarseNanos();
        }
        session.flushSoon();
        if (state == State.LEAVING && busy() == 0) {
            sayGoodbye(Http2Error.NO_ERROR);
        } else if (state != State.OVER) {
            home.freed(this);
        }
    }

    // Reading and writing.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.reading();
        inbound.add((ByteBuf) message);
        inbound.offer(reader::read, channel.alloc());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.read();
    }

    /** Who does not read our acknowledgements is not listened to. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable);
        if (writable) {
            session.send();
        }
    }

    // It ends.

    /** No new stream begins; closes when those under way have ended. */
    public void leave() {
        if (state == State.READY) {
            state = State.LEAVING;
            home.leaving(this);
            if (busy() == 0) {
                sayGoodbye(Http2Error.NO_ERROR);
            }
        }
    }

    private void undecodable(String detail) {
        broken(new ConnectionError(Http2Error.COMPRESSION_ERROR, detail));
    }

    /** The peer has broken the rules of connections. */
    void broken(ConnectionError error) {
        if (state == State.OVER) {
            return;
        }
        if (state == State.STARTING) {
            neverReady = "does not speak HTTP/2: " + error.detail();
        }
        List<Http2UpstreamStream> open = session.streams().removeAll();
        sayGoodbye(error.code());
        UpstreamFailure failure = new UpstreamFailure(Kind.BAD_ANSWER, "broke the rules of HTTP/2: " + error.detail());
        open.forEach(stream -> stream.fail(failure));
    }

    private void sayGoodbye(Http2Error error) {
        state = State.OVER;
        reader.stop();
        session.writer().goAway(0, error, "");
        session.writer().flush();
        channel.close();
    }

    @Override
    public void sweep(long nowNanos) {
        if (state == State.STARTING) {
            if (nowNanos - sinceNanos > startTimeoutNanos) {
                neverReady = "did not begin to speak HTTP/2 in time";
                channel.close();
            }
        } else if (busy() == 0 && nowNanos - sinceNanos > home.keepAliveNanos()) {
            leave();
        } else {
            attempts.sweep(nowNanos);
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
        state = State.OVER;
        loop.forget(this);
        reader.stop();
        session.close();
        inbound.release();
        // First, or one of the streams could be given another on the same connection.
        home.closed(this, neverReady);
        attempts.cutAllOff();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("upstream connection failed streams={}", session.streams().size(), cause);
        }
        context.close();
    }
}
