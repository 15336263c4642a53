package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.wire.Framing;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.Inbound;
import dev.banyan.dataplane.wire.MessageError;
import dev.banyan.dataplane.wire.OutputEnd;
import dev.banyan.dataplane.wire.OutputProgress;
import dev.banyan.dataplane.wire.http1.ServerConnection.Timeouts;
import dev.banyan.dataplane.wire.http2.ClosedStreams.How;
import dev.banyan.dataplane.wire.http2.FieldBlockReader.Outcome;
import dev.banyan.dataplane.wire.rules.BodyPace;
import dev.banyan.dataplane.wire.rules.RequestRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's HTTP/2 connection: gives each request an exchange, and writes their answers as they come. */
public final class Http2ServerConnection extends ChannelInboundHandlerAdapter
        implements FrameListener, ClientConnection, Loop.Swept {
    /** A client's first bytes. */
    public static final int PREFACE_BYTES = FrameReader.prefaceLength();

    /** Requests at once. */
    static final int MAX_STREAMS = 128;

    /** Of a request's body, before an upstream took any of it. */
    static final int STREAM_WINDOW_BYTES = FrameType.DEFAULT_WINDOW_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(Http2ServerConnection.class);
    private static final int MAX_SPARE_HEADS = 8;
    private static final long MAX_LINGER_BYTES = 1024 * 1024;
    private static final long STREAM_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long DRAIN_PING = 0x62616e79616eL;

    /** How long a client may take to hear that it is to open no more streams. */
    private static final long DRAIN_NOTICE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        OPEN,
        /** Said goodbye, and waits for the client to close; what still comes is dropped. */
        CLOSING,
        CLOSED
    }

    private enum Drain {
        NO,
        /** The client was told, and may not have heard it yet: what it sends meanwhile is served. */
        ANNOUNCED,
        /** Nothing new is served. */
        FINAL
    }

    private final ConnectionHost host;
    private final Loop loop;
    private final Timeouts timeouts;
    private final Peer peer;
    private final Allowances allowances;
    private final OutputProgress output = new OutputProgress();
    private final Inbound inbound = new Inbound();
    private final IntObjectMap<ServerStream> streams = new IntObjectHashMap<>();
    private final ClosedStreams closedStreams = new ClosedStreams();
    private final Deque<Head> spareHeads = new ArrayDeque<>();
    private Channel channel;
    private Session session;
    private FrameReader reader;
    private State state = State.OPEN;
    private Drain drain = Drain.NO;
    private int lastStream;
    private boolean settingsAcknowledged;
    private @Nullable ServerStream dataStream;
    private boolean dataWasEmpty;
    private boolean sending;
    private boolean sendAgain;
    private long lingeredBytes;
    private long busyNanos;
    private long withinSinceNanos;
    private long sweptNanos;
    private long drainNanos;
    private int slot;

    @SuppressWarnings("NullAway.Init") // what has to do with the channel is known when the handler is added
    public Http2ServerConnection(ConnectionHost host, Loop loop, Timeouts timeouts, Peer peer) {
        this.host = host;
        this.loop = loop;
        this.timeouts = timeouts;
        this.peer = peer;
        this.allowances = new Allowances(loop.coarseNanos());
    }

    /** How much of the client's preface these bytes are, up to {@link #PREFACE_BYTES}; -1 if they are something else. */
    public static int prefaceMatch(ByteBuf firstBytes) {
        return FrameReader.prefaceMatch(firstBytes);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        session = new Session(channel, loop, this::send);
        reader = new FrameReader(this, channel.alloc(), true);
        busyNanos = loop.coarseNanos();
        withinSinceNanos = busyNanos;
        sweptNanos = busyNanos;
        loop.watch(this);
        host.opened(this);
        session.writer()
                .settings(
                        FrameType.SETTING_MAX_CONCURRENT_STREAMS,
                        MAX_STREAMS,
                        FrameType.SETTING_INITIAL_WINDOW_SIZE,
                        STREAM_WINDOW_BYTES,
                        FrameType.SETTING_MAX_HEADER_LIST_SIZE,
                        FieldBlockReader.MAX_LIST_BYTES);
        session.openWindow();
        session.writer().flush();
    }

    // Reading.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        session.reading(true);
        if (state == State.OPEN) {
            inbound.add(in);
            inbound.offer(reader::read, channel.alloc());
            withinSinceNanos = reader.isWithin() ? withinSinceNanos : loop.coarseNanos();
        } else {
            linger(in);
        }
    }

    private void linger(ByteBuf in) {
        lingeredBytes += in.readableBytes();
        in.release();
        if (lingeredBytes > MAX_LINGER_BYTES) {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.reading(false);
        if (state == State.OPEN) {
            for (ServerStream stream : snapshot()) {
                stream.paused();
            }
            send();
        } else {
            session.writer().flush();
        }
    }

    /** A client that does not read what we have to say is not listened to, or its frames would pile up as answers. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (state != State.OPEN) {
            return;
        }
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable);
        if (writable) {
            send();
        }
    }

    // Requests.

    @Override
    public void headers(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        busyNanos = loop.coarseNanos();
        allowances.earn(Misuse.PRIORITY_FLOOD, 2);
        allowances.earn(Misuse.WINDOW_UPDATE_FLOOD, 2);
        ServerStream known = streams.get(id);
        if (known != null) {
            trailers(known, block, endStream);
        } else if (id <= lastStream) {
            lateHeaders(id, block);
        } else if (id % 2 == 0) {
            connectionError(Http2Error.PROTOCOL_ERROR, "a client's streams have odd numbers");
        } else {
            newStream(id, block, endStream, dependsOnItself);
        }
    }

    private void newStream(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        if (drain == Drain.FINAL) {
            skip(block);
            return;
        }
        lastStream = id;
        if (streams.size() >= MAX_STREAMS) {
            if (skip(block)) {
                refuse(id, Http2Error.REFUSED_STREAM);
                if (settingsAcknowledged) {
                    spend(Misuse.TOO_MANY_STREAMS);
                }
            }
            return;
        }
        Head head = spareHead();
        Outcome outcome = session.fieldReader().readRequest(block, head);
        switch (outcome) {
            case UNDECODABLE -> undecodable();
            case MALFORMED -> mistake(id, Http2Error.PROTOCOL_ERROR);
            case TOO_LARGE -> {
                open(id, head, -1, endStream, session.fieldReader().tooLarge());
                spend(Misuse.HEADER_BOMB);
            }
            case READ -> {
                if (dependsOnItself) {
                    mistake(id, Http2Error.PROTOCOL_ERROR);
                } else {
                    request(id, head, endStream);
                }
            }
        }
    }

    private void request(int id, Head head, boolean endStream) {
        MessageError error = RequestRules.apply(head);
        long announced = head.contentLength();
        if (endStream && announced > 0) {
            mistake(id, Http2Error.PROTOCOL_ERROR);
            return;
        }
        if (error == null && !endStream && announced < 0) {
            // How long it is, the last frame will tell.
            head.framed(Framing.CHUNKED, -1);
        }
        open(id, head, announced, endStream, error);
    }

    private void open(int id, Head head, long announcedBytes, boolean endStream, @Nullable MessageError error) {
        BodyPace pace = new BodyPace(timeouts.idle(), timeouts.bodyRate());
        pace.begin(loop.coarseNanos());
        ServerStream stream = new ServerStream(this, session, id, head, pace);
        streams.put(id, stream);
        Exchange exchange = new Exchange(head, peer, loop, stream);
        stream.begin(exchange, announcedBytes, endStream);
        if (error != null) {
            host.refuse(exchange, error);
        } else {
            host.accept(exchange);
        }
    }

    private void trailers(ServerStream stream, ByteBuf block, boolean endStream) {
        if (stream.in().hasEnded() || !endStream) {
            if (skip(block)) {
                mistake(stream.id(), stream.in().hasEnded() ? Http2Error.STREAM_CLOSED : Http2Error.PROTOCOL_ERROR);
            }
            return;
        }
        Head trailers = new Head();
        switch (session.fieldReader().readTrailers(block, trailers)) {
            case UNDECODABLE -> undecodable();
            case MALFORMED, TOO_LARGE -> mistake(stream.id(), Http2Error.PROTOCOL_ERROR);
            case READ -> {
                if (!stream.in().end(trailers.count() == 0 ? null : trailers)) {
                    mistake(stream.id(), Http2Error.PROTOCOL_ERROR);
                }
            }
        }
    }

    private void lateHeaders(int id, ByteBuf block) {
        switch (closedStreams.how(id)) {
            case ENDED -> connectionError(Http2Error.STREAM_CLOSED, "HEADERS for a stream that is closed");
            case UNKNOWN -> connectionError(Http2Error.PROTOCOL_ERROR, "a new stream's number is not the highest");
            case RESET_BY_PEER -> {
                if (skip(block)) {
                    mistake(id, Http2Error.STREAM_CLOSED);
                }
            }
            case RESET_BY_US -> {
                if (skip(block)) {
                    spend(Misuse.USELESS_FRAME_FLOOD);
                }
            }
        }
    }

    /** Keeps the compression in step; false if it is broken, and the connection with it. */
    private boolean skip(ByteBuf block) {
        if (session.fieldReader().skip(block) == Outcome.UNDECODABLE) {
            undecodable();
            return false;
        }
        return true;
    }

    private void undecodable() {
        connectionError(Http2Error.COMPRESSION_ERROR, session.fieldReader().error());
    }

    private Head spareHead() {
        Head spare = spareHeads.poll();
        return spare == null ? new Head() : spare;
    }

    // Bodies.

    @Override
    public void dataBegins(int id, int flowBytes, int contentBytes) {
        dataStream = null;
        int padding = flowBytes - contentBytes;
        dataWasEmpty = contentBytes == 0;
        if (!session.window().came(flowBytes)) {
            connectionError(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection's window allows");
            return;
        }
        session.takenOn(padding);
        ServerStream stream = streams.get(id);
        if (stream == null) {
            lateData(id, contentBytes);
        } else if (stream.in().hasEnded()) {
            session.takenOn(contentBytes);
            mistake(id, Http2Error.STREAM_CLOSED);
        } else if (!stream.in().came(flowBytes)) {
            session.takenOn(contentBytes);
            mistake(id, Http2Error.FLOW_CONTROL_ERROR);
        } else {
            dataStream = stream;
            stream.in().padding(padding);
        }
    }

    private void lateData(int id, int contentBytes) {
        if (id > lastStream) {
            if (drain == Drain.FINAL) {
                session.takenOn(contentBytes);
            } else {
                connectionError(Http2Error.PROTOCOL_ERROR, "DATA for a stream that was never opened");
            }
            return;
        }
        session.takenOn(contentBytes);
        switch (closedStreams.how(id)) {
            case ENDED, UNKNOWN -> connectionError(Http2Error.STREAM_CLOSED, "DATA for a stream that is closed");
            case RESET_BY_PEER -> mistake(id, Http2Error.STREAM_CLOSED);
            case RESET_BY_US -> spend(Misuse.USELESS_FRAME_FLOOD);
        }
    }

    @Override
    public void data(int id, ByteBuf piece) {
        ServerStream stream = dataStream;
        if (stream == null) {
            piece.release();
        } else if (!stream.data(piece, loop.coarseNanos())) {
            mistake(id, Http2Error.PROTOCOL_ERROR);
        }
    }

    @Override
    public void dataEnds(int id, boolean endStream) {
        ServerStream stream = dataStream;
        dataStream = null;
        if (endStream) {
            if (stream != null && !stream.in().end(null)) {
                mistake(id, Http2Error.PROTOCOL_ERROR);
            }
        } else if (dataWasEmpty) {
            spend(Misuse.EMPTY_DATA_FLOOD);
        }
    }

    // The other frames.

    @Override
    public void priority(int id) {
        // Deprecated (RFC 9113, 5.3.2): every stream has its turn.
        spend(Misuse.PRIORITY_FLOOD);
    }

    @Override
    public void reset(int id, long errorCode) {
        ServerStream stream = streams.get(id);
        if (stream != null) {
            boolean answered = stream.answered();
            close(stream, How.RESET_BY_PEER);
            if (!answered) {
                spend(Misuse.RAPID_RESET);
            }
        } else if (id > lastStream) {
            connectionError(Http2Error.PROTOCOL_ERROR, "RST_STREAM for a stream that was never opened");
        } else {
            spend(Misuse.USELESS_FRAME_FLOOD);
        }
    }

    @Override
    public void setting(int id, long value) {
        Session.BadSetting bad = session.setting(id, value);
        if (bad != null) {
            connectionError(bad.error(), bad.detail());
        } else if (id == FrameType.SETTING_INITIAL_WINDOW_SIZE) {
            int change = (int) value - session.outflow().initialWindow();
            session.outflow().initialWindow((int) value);
            for (ServerStream stream : streams.values()) {
                if (!stream.out().widen(change)) {
                    connectionError(Http2Error.FLOW_CONTROL_ERROR, "a stream's window grows over 2^31-1");
                    return;
                }
            }
        }
    }

    @Override
    public void settingsEnd() {
        session.writer().settingsAcknowledged();
        spend(Misuse.SETTINGS_FLOOD);
    }

    @Override
    public void settingsAcknowledged() {
        settingsAcknowledged = true;
        spend(Misuse.SETTINGS_FLOOD);
    }

    @Override
    public void ping(long content) {
        session.writer().pingAcknowledged(content);
        spend(Misuse.PING_FLOOD);
    }

    @Override
    public void pingAcknowledged(long content) {
        if (content == DRAIN_PING && drain == Drain.ANNOUNCED) {
            endDrain();
        } else {
            spend(Misuse.PING_FLOOD);
        }
    }

    @Override
    public void goAway(int last, long errorCode) {
        // The client opens no more streams; when it wants to close, it closes.
        spend(Misuse.USELESS_FRAME_FLOOD);
    }

    @Override
    public void windowUpdate(int id, int increment) {
        ServerStream stream = streams.get(id);
        if (id == 0) {
            if (!session.outflow().widen(increment)) {
                connectionError(Http2Error.FLOW_CONTROL_ERROR, "the connection's window grows over 2^31-1");
                return;
            }
        } else if (stream != null) {
            if (!stream.out().widen(increment)) {
                mistake(id, Http2Error.FLOW_CONTROL_ERROR);
                return;
            }
        } else if (id > lastStream) {
            connectionError(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE for a stream that was never opened");
            return;
        }
        allowances.earn(Misuse.WINDOW_UPDATE_FLOOD, 4 * session.outflow().takeDataFrames());
        spend(Misuse.WINDOW_UPDATE_FLOOD);
    }

    @Override
    public void unknown() {
        spend(Misuse.USELESS_FRAME_FLOOD);
    }

    // Mistakes.

    @Override
    public void streamError(int id, Http2Error error, String detail) {
        mistake(id, error);
    }

    /** The client made one of its streams impossible. It costs us a request that is on its way already: so few are borne. */
    private void mistake(int id, Http2Error error) {
        ServerStream stream = streams.get(id);
        if (stream != null) {
            close(stream, How.RESET_BY_US);
        } else if (id > lastStream) {
            // Idle, which a frame about priorities leaves it (RFC 9113, 5.1): RST_STREAM would not be understood.
            connectionError(error, "a mistake about a stream that was never opened");
            return;
        }
        refuse(id, error);
        spend(Misuse.MADE_YOU_RESET);
    }

    private void refuse(int id, Http2Error error) {
        session.writer().reset(id, error);
        if (closedStreams.how(id) == How.UNKNOWN) {
            closedStreams.add(id, How.RESET_BY_US);
        }
    }

    private void spend(Misuse kind) {
        if (!allowances.spend(kind, loop.coarseNanos())) {
            misused(kind);
        }
    }

    @Override
    public void misused(Misuse kind) {
        if (state == State.OPEN) {
            host.misused(kind.word());
            sayGoodbye(Http2Error.ENHANCE_YOUR_CALM, kind.word());
        }
    }

    @Override
    public void connectionError(Http2Error error, String detail) {
        if (state == State.OPEN) {
            sayGoodbye(error, detail);
        }
    }

    // Answers.

    /** Of our own will: the answer can not be brought to its end. */
    void reset(ServerStream stream, Http2Error error) {
        if (streams.get(stream.id()) == stream) {
            session.writer().reset(stream.id(), error);
            close(stream, How.RESET_BY_US);
            session.flushSoon();
        }
    }

    /** The whole answer was written and its exchange has ended. */
    void answerHasLeft(ServerStream stream) {
        if (streams.get(stream.id()) != stream) {
            return;
        }
        if (stream.in().hasEnded()) {
            close(stream, How.ENDED);
        } else {
            // An answer before the request was whole: the rest is not wanted (RFC 9113, 8.1).
            reset(stream, Http2Error.NO_ERROR);
        }
        if (spareHeads.size() < MAX_SPARE_HEADS) {
            Head spare = stream.head();
            spare.clear();
            spareHeads.add(spare);
        }
    }

    private void close(ServerStream stream, How how) {
        streams.remove(stream.id());
        closedStreams.add(stream.id(), how);
        busyNanos = loop.coarseNanos();
        stream.close();
        if (drain == Drain.FINAL && streams.isEmpty()) {
            session.flushSoon();
        }
    }

    /** Sends what may be sent, tells who waits for room, and flushes. */
    private void send() {
        if (sending) {
            sendAgain = true;
            return;
        }
        sending = true;
        do {
            sendAgain = false;
            session.outflow().send();
            for (ServerStream stream : snapshot()) {
                stream.tellIfWritable();
            }
        } while (sendAgain && state == State.OPEN);
        sending = false;
        session.writer().flush();
        if (drain == Drain.FINAL && streams.isEmpty() && state == State.OPEN) {
            sayNoMore();
        }
    }

    /** Streams come and go while they are asked. */
    private List<ServerStream> snapshot() {
        return streams.isEmpty() ? List.of() : new ArrayList<>(streams.values());
    }

    // The end.

    private void sayGoodbye(Http2Error error, String detail) {
        session.writer().goAway(lastStream, error, detail);
        sayNoMore();
    }

    /** What is under way ends; the connection closes when all that was said has left. */
    private void sayNoMore() {
        state = State.CLOSING;
        reader.stop();
        closeStreams();
        channel.config().setAutoRead(true);
        session.writer().flush();
        busyNanos = loop.coarseNanos();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> endOutput(left.isSuccess()));
    }

    private void closeStreams() {
        List<ServerStream> open = snapshot();
        streams.clear();
        open.forEach(ServerStream::close);
    }

    /** Without a reset, which could take our last words from the client. */
    private void endOutput(boolean allHasLeft) {
        if (allHasLeft && channel instanceof SocketChannel socket) {
            OutputEnd.say(socket);
        } else {
            channel.close();
        }
    }

    @Override
    public void drain() {
        loop.eventLoop().execute(this::beginDrain);
    }

    /** In two steps, so that no request is refused that was sent before the client could know (RFC 9113, 6.8). */
    private void beginDrain() {
        if (drain != Drain.NO || state != State.OPEN) {
            return;
        }
        drain = Drain.ANNOUNCED;
        drainNanos = loop.coarseNanos();
        session.writer().goAway(FrameType.MAX_STREAM, Http2Error.NO_ERROR, "draining");
        session.writer().ping(DRAIN_PING);
        session.writer().flush();
    }

    private void endDrain() {
        drain = Drain.FINAL;
        session.writer().goAway(lastStream, Http2Error.NO_ERROR, "drained");
        session.flushSoon();
        if (streams.isEmpty()) {
            send();
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void sweep(long nowNanos) {
        switch (state) {
            case OPEN -> sweepOpen(nowNanos);
            case CLOSING -> {
                if (nowNanos - busyNanos > timeouts.linger().toNanos()) {
                    channel.close();
                }
            }
            case CLOSED -> {}
        }
    }

    private void sweepOpen(long nowNanos) {
        if (output.isStuck(channel, nowNanos, timeouts.idle())) {
            channel.close();
        } else if (nowNanos - withinSinceNanos > timeouts.head().toNanos()
                && (reader.isWithin() || !reader.started())) {
            misused(Misuse.SLOW_START);
        } else if (host.draining() && drain == Drain.NO) {
            beginDrain();
        } else if (drain == Drain.ANNOUNCED && nowNanos - drainNanos > DRAIN_NOTICE_NANOS) {
            endDrain();
        } else if (streams.isEmpty()) {
            closeIfIdle(nowNanos);
        } else if (nowNanos - sweptNanos > STREAM_SWEEP_NANOS) {
            sweepStreams(nowNanos);
        }
    }

    /** Pings do not count: who keeps a connection for nothing is told to go, and comes back when there is something. */
    private void closeIfIdle(long nowNanos) {
        sweptNanos = nowNanos;
        if (nowNanos - busyNanos > timeouts.keepAlive().toNanos()) {
            sayGoodbye(Http2Error.NO_ERROR, "idle");
        }
    }

    private void sweepStreams(long nowNanos) {
        long sinceLast = nowNanos - sweptNanos;
        sweptNanos = nowNanos;
        for (ServerStream stream : snapshot()) {
            if (stream.out().isStalled(nowNanos, timeouts.idle().toNanos())) {
                host.misused(Misuse.STALLED_STREAM.word());
                reset(stream, Http2Error.CANCEL);
            } else {
                stream.sweep(sinceLast, nowNanos);
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
        state = State.CLOSED;
        loop.forget(this);
        host.closed(this);
        reader.stop();
        session.writer().close();
        closeStreams();
        inbound.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset, or a write to a connection that is gone: channelInactive says the rest.
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("client connection failed streams={}", streams.size(), cause);
        }
        context.close();
    }
}
