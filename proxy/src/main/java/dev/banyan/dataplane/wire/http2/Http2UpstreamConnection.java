package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.Inbound;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP/2 connection to an endpoint: carries many exchanges at once. */
public final class Http2UpstreamConnection extends ChannelInboundHandlerAdapter implements FrameListener, Loop.Swept {
    /** Of each answer, before a client took any of it. */
    static final int STREAM_WINDOW_BYTES = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Http2UpstreamConnection.class);

    /** Even where a peer allows more: what ends with a connection should not be everything. */
    private static final int MAX_STREAMS = 256;

    /** Until the peer says otherwise (RFC 9113, 6.5.2, recommends no less). */
    private static final int DEFAULT_STREAMS = 100;

    /** Stream numbers are not used again; a connection makes room for a new one before they run out. */
    private static final int LAST_STREAM = Integer.MAX_VALUE - 2 * MAX_STREAMS;

    private static final long STREAM_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

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

    private final Home home;
    private final Loop loop;
    private final boolean tls;
    private final long startTimeoutNanos;
    private final Inbound inbound = new Inbound();
    private final IntObjectMap<Http2UpstreamStream> streams = new IntObjectHashMap<>();
    private Channel channel;
    private Session session;
    private FrameReader reader;
    private int reserved;
    private int nextStream = 1;
    private int peerStreams = DEFAULT_STREAMS;
    private boolean ready;
    private boolean leaving;
    private boolean over;
    private boolean sending;
    private boolean sendAgain;
    private @Nullable Http2UpstreamStream dataStream;
    private String neverReady = "closed the connection before it spoke HTTP/2";
    private long sinceNanos;
    private long sweptNanos;
    private int slot;

    @SuppressWarnings("NullAway.Init") // what has to do with the channel is known when the handler is added
    public Http2UpstreamConnection(Home home, Loop loop, boolean tls, Duration startTimeout) {
        this.home = home;
        this.loop = loop;
        this.tls = tls;
        this.startTimeoutNanos = startTimeout.toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        session = new Session(channel, loop, this::send);
        reader = new FrameReader(this, channel.alloc(), false);
        sinceNanos = loop.coarseNanos();
        sweptNanos = sinceNanos;
        loop.watch(this);
        SslHandler shaken = channel.pipeline().get(SslHandler.class);
        if (shaken == null || ApplicationProtocolNames.HTTP_2.equals(shaken.applicationProtocol())) {
            start();
        } else {
            neverReady = "does not speak HTTP/2: it did not agree on h2 by ALPN";
            channel.close();
        }
    }

    private void start() {
        session.writer().preface(FrameReader.preface());
        session.writer()
                .settings(
                        FrameType.SETTING_ENABLE_PUSH,
                        0,
                        FrameType.SETTING_INITIAL_WINDOW_SIZE,
                        STREAM_WINDOW_BYTES,
                        FrameType.SETTING_MAX_HEADER_LIST_SIZE,
                        FieldBlockReader.MAX_LIST_BYTES);
        session.openWindow();
        session.writer().flush();
    }

    // Streams.

    /** How many more may begin now. */
    public int room() {
        return ready && !leaving && !over && channel.isActive()
                ? Math.min(peerStreams, MAX_STREAMS) - streams.size() - reserved
                : 0;
    }

    /** How many requests are under way. */
    public int busy() {
        return streams.size() + reserved;
    }

    /** How long nothing has been under way, in nanoseconds; 0 if something is. */
    public long restedNanos() {
        return busy() > 0 ? 0 : loop.coarseNanos() - sinceNanos;
    }

    /** A place for one exchange; there is room. */
    public UpstreamStream open() {
        assert room() > 0 : "a stream too many";
        reserved++;
        return new Http2UpstreamStream(this, session);
    }

    int begun(Http2UpstreamStream stream) {
        int id = nextStream;
        nextStream += 2;
        reserved--;
        streams.put(id, stream);
        if (nextStream > LAST_STREAM) {
            leave();
        }
        return id;
    }

    /** Whether it has rested since it was opened, so that its peer may just be closing it. */
    boolean reused() {
        return streams.isEmpty() && nextStream > 1;
    }

    boolean tls() {
        return tls;
    }

    long nowNanos() {
        return loop.coarseNanos();
    }

    /** Nothing is wanted of it any more. Closes nothing that others need. */
    void reset(Http2UpstreamStream stream, Http2Error error) {
        if (stream.id() == 0) {
            reserved--;
        } else if (streams.remove(stream.id()) != null && !over) {
            session.writer().reset(stream.id(), error);
        }
        freed();
    }

    /** Its answer is whole. */
    void answered(Http2UpstreamStream stream, boolean requestComplete) {
        if (requestComplete) {
            streams.remove(stream.id());
            freed();
        } else {
            reset(stream, Http2Error.CANCEL);
        }
    }

    private void freed() {
        if (busy() == 0) {
            sinceNanos = loop.coarseNanos();
        }
        if (over) {
            return;
        }
        flushSoon();
        if (leaving && busy() == 0) {
            sayGoodbye(Http2Error.NO_ERROR);
        } else {
            home.freed(this);
        }
    }

    void flushSoon() {
        if (!over) {
            session.flushSoon();
        }
    }

    // Reading.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.reading(true);
        inbound.add((ByteBuf) message);
        inbound.offer(reader::read, channel.alloc());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.reading(false);
        for (Http2UpstreamStream stream : snapshot()) {
            stream.paused();
        }
        send();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        boolean writable = channel.isWritable();
        // Who does not read our acknowledgements is not listened to.
        channel.config().setAutoRead(writable);
        if (writable) {
            send();
        }
    }

    private void send() {
        if (over) {
            return;
        }
        if (sending) {
            sendAgain = true;
            return;
        }
        sending = true;
        do {
            sendAgain = false;
            session.outflow().send();
            for (Http2UpstreamStream stream : snapshot()) {
                stream.tellIfWritable();
            }
        } while (sendAgain && !over);
        sending = false;
        session.writer().flush();
    }

    private List<Http2UpstreamStream> snapshot() {
        return streams.isEmpty() ? List.of() : new ArrayList<>(streams.values());
    }

    @Override
    public void headers(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream != null) {
            stream.headers(block, endStream);
        } else if (isIdle(id)) {
            connectionError(Http2Error.PROTOCOL_ERROR, "an answer to a request that was never sent");
        } else if (session.fieldReader().skip(block) == FieldBlockReader.Outcome.UNDECODABLE) {
            connectionError(Http2Error.COMPRESSION_ERROR, session.fieldReader().error());
        }
    }

    private boolean isIdle(int id) {
        return id >= nextStream || id % 2 == 0;
    }

    @Override
    public void dataBegins(int id, int flowBytes, int contentBytes) {
        dataStream = null;
        Http2UpstreamStream stream = streams.get(id);
        int padding = flowBytes - contentBytes;
        if (!session.window().came(flowBytes)) {
            connectionError(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection's window allows");
        } else if (stream == null) {
            if (isIdle(id)) {
                connectionError(Http2Error.PROTOCOL_ERROR, "an answer to a request that was never sent");
            }
            session.takenOn(flowBytes);
        } else if (!stream.in().came(flowBytes)) {
            session.takenOn(flowBytes);
            reset(stream, Http2Error.FLOW_CONTROL_ERROR);
            stream.fail(new UpstreamFailure(Kind.BAD_ANSWER, "gave a bad answer: more content than its window allows"));
        } else {
            session.takenOn(padding);
            stream.in().padding(padding);
            dataStream = stream;
        }
    }

    @Override
    public void data(int id, ByteBuf piece) {
        Http2UpstreamStream stream = dataStream;
        int n = piece.readableBytes();
        if (stream == null) {
            piece.release(); // given back when its frame began
        } else if (streams.get(id) == null) {
            piece.release();
            session.takenOn(n);
        } else {
            stream.data(piece);
        }
    }

    @Override
    public void dataEnds(int id, boolean endStream) {
        Http2UpstreamStream stream = dataStream;
        dataStream = null;
        if (endStream && stream != null) {
            stream.end(null);
        }
    }

    @Override
    public void priority(int id) {
        // Nothing that a server could mean by it.
    }

    @Override
    public void reset(int id, long errorCode) {
        Http2UpstreamStream stream = streams.remove(id);
        if (stream != null) {
            Http2Error error = Http2Error.valueOf(errorCode);
            stream.resetBy(error == null ? Http2Error.INTERNAL_ERROR : error);
            freed();
        } else if (isIdle(id)) {
            connectionError(Http2Error.PROTOCOL_ERROR, "RST_STREAM for a request that was never sent");
        }
    }

    @Override
    public void setting(int id, long value) {
        Session.BadSetting bad = session.setting(id, value);
        if (bad != null) {
            connectionError(bad.error(), bad.detail());
        } else if (id == FrameType.SETTING_MAX_CONCURRENT_STREAMS) {
            peerStreams = (int) Math.min(value, MAX_STREAMS);
        } else if (id == FrameType.SETTING_INITIAL_WINDOW_SIZE) {
            changeWindows((int) value);
        }
    }

    private void changeWindows(int next) {
        int change = next - session.outflow().initialWindow();
        session.outflow().initialWindow(next);
        for (Http2UpstreamStream stream : snapshot()) {
            if (!stream.out().widen(change)) {
                connectionError(Http2Error.FLOW_CONTROL_ERROR, "a stream's window grows over 2^31-1");
                return;
            }
        }
    }

    @Override
    public void settingsEnd() {
        session.writer().settingsAcknowledged();
        if (!ready) {
            ready = true;
            sinceNanos = loop.coarseNanos();
            home.ready(this);
        } else {
            home.freed(this);
        }
    }

    @Override
    public void settingsAcknowledged() {
        // Ours do not change.
    }

    @Override
    public void ping(long content) {
        session.writer().pingAcknowledged(content);
    }

    @Override
    public void pingAcknowledged(long content) {
        // We send none: a connection that rests is closed before it can be forgotten.
    }

    /** What it has not looked at, and says so, can be sent again elsewhere (RFC 9113, 6.8). */
    @Override
    public void goAway(int lastStream, long errorCode) {
        leave();
        for (Http2UpstreamStream stream : snapshot()) {
            if (stream.id() > lastStream) {
                streams.remove(stream.id());
                stream.fail(
                        new UpstreamFailure(Kind.NOT_TAKEN, "closed the connection before it looked at the request"));
            }
        }
        if (busy() == 0) {
            freed();
        }
    }

    @Override
    public void windowUpdate(int id, int increment) {
        Http2UpstreamStream stream = streams.get(id);
        if (id == 0) {
            if (!session.outflow().widen(increment)) {
                connectionError(Http2Error.FLOW_CONTROL_ERROR, "the connection's window grows over 2^31-1");
            }
        } else if (stream != null && !stream.out().widen(increment)) {
            reset(stream, Http2Error.FLOW_CONTROL_ERROR);
            stream.fail(new UpstreamFailure(Kind.BAD_ANSWER, "gave a bad answer: a window over 2^31-1"));
        }
    }

    @Override
    public void unknown() {
        // To be ignored (RFC 9113, 5.5).
    }

    @Override
    public void streamError(int id, Http2Error error, String detail) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream != null) {
            reset(stream, error);
            stream.fail(new UpstreamFailure(Kind.BAD_ANSWER, "gave a bad answer: " + detail));
        }
    }

    @Override
    public void misused(Misuse kind) {
        connectionError(Http2Error.ENHANCE_YOUR_CALM, kind.word());
    }

    @Override
    public void connectionError(Http2Error error, String detail) {
        if (over) {
            return;
        }
        if (!ready) {
            neverReady = "does not speak HTTP/2: " + detail;
        }
        List<Http2UpstreamStream> open = snapshot();
        streams.clear();
        sayGoodbye(error);
        for (Http2UpstreamStream stream : open) {
            stream.fail(new UpstreamFailure(Kind.BAD_ANSWER, "broke the rules of HTTP/2: " + detail));
        }
    }

    // The end.

    /** No new stream begins; closes when those under way have ended. */
    public void leave() {
        if (!leaving) {
            leaving = true;
            home.leaving(this);
            if (busy() == 0) {
                sayGoodbye(Http2Error.NO_ERROR);
            }
        }
    }

    private void sayGoodbye(Http2Error error) {
        if (!over) {
            over = true;
            reader.stop();
            session.writer().goAway(0, error, "");
            session.writer().flush();
            channel.close();
        }
    }

    @Override
    public void sweep(long nowNanos) {
        if (!ready) {
            if (nowNanos - sinceNanos > startTimeoutNanos) {
                neverReady = "did not begin to speak HTTP/2 in time";
                channel.close();
            }
        } else if (busy() == 0 && nowNanos - sinceNanos > home.keepAliveNanos()) {
            leave();
        } else if (nowNanos - sweptNanos >= STREAM_SWEEP_NANOS) {
            sweptNanos = nowNanos;
            for (Http2UpstreamStream stream : snapshot()) {
                stream.sweep(nowNanos);
            }
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
        over = true;
        loop.forget(this);
        reader.stop();
        session.writer().close();
        inbound.release();
        List<Http2UpstreamStream> open = snapshot();
        streams.clear();
        // First, or one of the streams could be given another on the same connection.
        home.closed(this, ready ? null : neverReady);
        open.forEach(Http2UpstreamStream::cutOff);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("upstream connection failed streams={}", streams.size(), cause);
        }
        context.close();
    }
}
