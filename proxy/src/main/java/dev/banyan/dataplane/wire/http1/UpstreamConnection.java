package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamPatience;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Inbound;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.AnswerRules;
import dev.banyan.dataplane.message.rules.WebSocketRules;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP/1 connection to an endpoint: carries one exchange at a time, and rests in its pool between them. */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamStream, Loop.Swept {

    private static final int SWITCHING_PROTOCOLS = 101;

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);

    /** Who keeps the connection while it rests. */
    public interface Home {
        /** How long the connection may rest. */
        long keepAliveNanos();

        /** The connection can carry another exchange. */
        void rested(UpstreamConnection connection);

        /** The connection is gone. */
        void closed(UpstreamConnection connection);
    }

    private enum State {
        RESTING,
        HEAD,
        BODY,
        /** It speaks HTTP no more: what comes is for the tunnel behind this handler. */
        TUNNEL,
        CLOSED
    }

    private final Home home;
    private final Loop loop;
    private final HeadReader reader = new HeadReader(StartLine.STATUS, HeadLimits.OF_ANSWERS);
    private final BodyReader body = new BodyReader();
    private final BodyWriter writer = new BodyWriter();
    private ChannelHandlerContext context;
    private Channel channel;
    private State state = State.RESTING;
    private @Nullable AnswerSink sink;
    private final Inbound inbound = new Inbound();
    private final Inbound.Taker taker = this::step;
    private boolean toHead;
    private @Nullable String webSocketKey;
    private boolean requestComplete;
    private boolean answerBytesSeen;
    private int interimAnswers;
    private boolean answerWanted = true;
    private boolean dirty;
    private boolean broken;
    private boolean reused;
    private final UpstreamPatience patience = new UpstreamPatience();
    private int slot;

    @SuppressWarnings("NullAway.Init") // the channel is known when the handler is added, before anything else is called
    public UpstreamConnection(Home home, Loop loop) {
        this.home = home;
        this.loop = loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        channel = context.channel();
        patience.moved(loop.coarseNanos());
        loop.watch(this);
    }

    // The request.

    @Override
    public void begin(OutgoingHead head, AnswerSink sink, long responseTimeoutNanos, long idleTimeoutNanos) {
        assert state == State.RESTING : "a second exchange on a connection that is " + state;
        this.sink = sink;
        state = State.HEAD;
        patience.begin(responseTimeoutNanos, idleTimeoutNanos, loop.coarseNanos());
        toHead = head.method().equals("HEAD");
        webSocketKey = head.webSocket() && head.source() != null ? WebSocketRules.key(head.source()) : null;
        requestComplete = false;
        answerBytesSeen = false;
        interimAnswers = 0;
        answerWanted = true;
        reader.clear();
        dirty = true;
        writer.begin(HeadWriter.request(channel.alloc(), head), head.framing());
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public boolean open() {
        return channel.isActive();
    }

    /** How long it has rested, in nanoseconds. */
    public long restedNanos() {
        return patience.waitedNanos(loop.coarseNanos());
    }

    public boolean usable() {
        return state == State.RESTING && channel.isActive();
    }

    @Override
    public void requestData(ByteBuf data) {
        if (sink == null) {
            data.release();
            return;
        }
        dirty = true;
        patience.moved(loop.coarseNanos());
        writer.data(channel, data);
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        if (sink == null) {
            return;
        }
        requestComplete = true;
        dirty = true;
        patience.moved(loop.coarseNanos());
        writer.end(channel, trailers);
        flushRequest();
    }

    @Override
    public void flushRequest() {
        if (dirty) {
            dirty = false;
            writer.settle(channel);
            channel.flush();
        }
    }

    @Override
    public boolean requestWritable() {
        return channel.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        AnswerSink current = sink;
        if (current != null && channel.isWritable()) {
            patience.moved(loop.coarseNanos());
            current.requestWritableAgain();
        }
        context.fireChannelWritabilityChanged();
    }

    // The answer.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.TUNNEL) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf in = (ByteBuf) message;
        if (state == State.BODY) {
            // Not for bytes of a head: one that drips must be there in time all the same.
            patience.moved(loop.coarseNanos());
        }
        if (state == State.RESTING || state == State.CLOSED) {
            // Nobody asked: whatever it is, it must not become somebody's answer.
            in.release();
            channel.close();
            return;
        }
        answerBytesSeen = true;
        inbound.add(in);
        process();
    }

    private void process() {
        if (inbound.offer(taker, channel.alloc()) && state == State.CLOSED) {
            inbound.release();
        }
    }

    private boolean step(ByteBuf in) {
        return switch (state) {
            case HEAD -> readHead(in);
            case BODY -> readBody(in);
            case RESTING -> unasked(in);
            case TUNNEL -> passOn(in);
            case CLOSED -> false;
        };
    }

    /** What came together with the 101 is the first of the tunnel. */
    private boolean passOn(ByteBuf in) {
        context.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
        return false;
    }

    private boolean unasked(ByteBuf in) {
        in.skipBytes(in.readableBytes());
        cancel();
        return false;
    }

    private boolean readHead(ByteBuf in) {
        switch (reader.read(in)) {
            case MORE -> {
                return false;
            }
            case BAD -> bad(reader.error());
            case DONE -> head(reader.head());
        }
        return true;
    }

    private void head(Head head) {
        AnswerSink current = sink;
        if (current == null) {
            return;
        }
        MessageError error = AnswerRules.apply(head, toHead);
        if (error == null && head.status() == SWITCHING_PROTOCOLS) {
            error = webSocketKey == null
                    ? MessageError.bad("unasked-101", "101 without an upgrade that was asked for")
                    : WebSocketRules.grants(head, webSocketKey);
        }
        if (error == null && head.status() < 200) {
            error = AnswerRules.interim(++interimAnswers);
        }
        if (error != null) {
            bad(error);
        } else if (head.status() == SWITCHING_PROTOCOLS) {
            state = State.TUNNEL;
            sink = null;
            current.upgraded(head, channel);
        } else if (head.status() < 200) {
            patience.moved(loop.coarseNanos());
            current.interim(head);
            reader.clear();
        } else {
            body.begin(head);
            state = State.BODY;
            patience.moved(loop.coarseNanos());
            current.answerHead(head);
            endIfComplete();
        }
    }

    private boolean readBody(ByteBuf in) {
        AnswerSink current = sink;
        if (current == null || !answerWanted) {
            return false;
        }
        ByteBuf data = body.read(in);
        if (data != null) {
            current.answerData(data);
        }
        MessageError error = body.error();
        if (error != null) {
            bad(error);
        } else {
            endIfComplete();
        }
        return true;
    }

    private void endIfComplete() {
        AnswerSink current = sink;
        if (state != State.BODY || current == null || !body.complete()) {
            return;
        }
        sink = null;
        boolean whole = requestComplete && reader.head().persistent() && inbound.size() == 0;
        current.answerEnd(body.trailers());
        if (whole && state == State.BODY) {
            state = State.RESTING;
            patience.moved(loop.coarseNanos());
            // Its last client may have been too slow for it; the next is another.
            readAnswer(true);
            reused = true;
            home.rested(this);
        } else {
            cancel();
        }
    }

    private void bad(MessageError error) {
        fail(new UpstreamFailure(Kind.BAD_ANSWER, "gave a bad answer: " + error.detail()));
    }

    /** Tells once, and closes: what the connection's state is now, nobody knows. */
    private void fail(UpstreamFailure failure) {
        AnswerSink current = sink;
        cancel();
        if (current != null) {
            current.failed(failure);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        AnswerSink current = sink;
        if (current != null) {
            current.answerPaused();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void readAnswer(boolean wanted) {
        if (answerWanted == wanted) {
            return;
        }
        answerWanted = wanted;
        channel.config().setAutoRead(wanted);
        if (wanted) {
            patience.moved(loop.coarseNanos());
            process();
            AnswerSink current = sink;
            if (current != null) {
                current.answerPaused();
            }
        }
    }

    // The end.

    @Override
    public void cancel() {
        sink = null;
        state = State.CLOSED;
        channel.close();
    }

    /** Ends a resting connection. */
    public void close() {
        channel.close();
    }

    @Override
    public void sweep(long nowNanos) {
        switch (state) {
            case RESTING -> {
                if (patience.waitedNanos(nowNanos) > home.keepAliveNanos()) {
                    channel.close();
                }
            }
            case HEAD -> failIf(patience.beforeHead(requestComplete, !channel.isWritable(), nowNanos));
            case BODY -> failIf(patience.withinAnswer(answerWanted, nowNanos));
            case TUNNEL, CLOSED -> {}
        }
    }

    private void failIf(@Nullable UpstreamFailure late) {
        if (late != null) {
            fail(late);
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
        State before = state;
        AnswerSink current = sink;
        if (before == State.BODY && current != null && !answerWanted) {
            drainUnread();
            current = sink;
        }
        sink = null;
        state = State.CLOSED;
        writer.close();
        loop.forget(this);
        home.closed(this);
        if (!inbound.isTaking()) {
            inbound.release();
        }
        context.fireChannelInactive();
        if (current == null) {
            return;
        }
        if (before == State.BODY && body.endsWithConnection() && !broken) {
            current.answerEnd(null);
        } else if (before == State.HEAD && !answerBytesSeen) {
            current.failed(new UpstreamFailure(Kind.CLOSED_BEFORE_ANSWER, "closed the connection without an answer"));
        } else {
            current.failed(new UpstreamFailure(Kind.CLOSED_WITHIN_ANSWER, "closed the connection within its answer"));
        }
    }

    /** The last bytes came before the end did, while the client was too slow for them: they belong to the answer. */
    private void drainUnread() {
        answerWanted = true;
        process();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // With TLS anybody on the way can end the connection; only close_notify comes from the upstream (RFC 8446,
        // 6.1), and nothing comes behind it, even if the connection below stays open.
        if (event instanceof SslCloseCompletionEvent close && state != State.TUNNEL) {
            broken |= !close.isSuccess();
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (state == State.TUNNEL) {
            context.fireExceptionCaught(cause);
            return;
        }
        // After a reset the end of the connection no longer says that an answer is whole.
        broken = true;
        if (cause instanceof IOException) {
            // What came before a write failed may be an early answer (413, say): the channel closes when it has been
            // read to its end.
            return;
        }
        if (!(cause instanceof DecoderException)) {
            LOG.error("upstream connection failed state={}", state, cause);
        }
        context.close();
    }
}
