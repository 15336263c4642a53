package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.exchange.ClientConnection;
import dev.banyan.dataplane.exchange.ClientStream;
import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.exchange.TunnelEnd;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.Inbound;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.OutputEnd;
import dev.banyan.dataplane.message.OutputProgress;
import dev.banyan.dataplane.message.rules.BodyPace;
import dev.banyan.dataplane.message.rules.RequestRules;
import dev.banyan.dataplane.message.rules.WebSocketRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.dataplane.wire.http1.HeadWriter.Connection;
import dev.banyan.dataplane.wire.tunnel.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's HTTP/1 connection: reads requests one after another, in order, and writes their answers. What is pipelined waits
 * until the exchange before it has ended.
 */
public final class ServerConnection extends ChannelInboundHandlerAdapter
        implements ClientStream, ClientConnection, Loop.Swept {
    /** Bytes of later requests that are kept while one is under way. */
    private static final int MAX_PIPELINED_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

    private enum State {
        HEAD,
        BODY,
        /** The request is whole, its answer is not. */
        ANSWERING,
        /** It speaks HTTP no more: what comes is for the tunnel behind this handler. */
        TUNNEL,
        /** The last answer is whole, and on its way; what still comes is dropped. */
        CLOSING,
        /** The last answer has left; what still comes is dropped until the client closes. */
        LINGERING,
        CLOSED
    }

    private final ConnectionHost host;
    private final Loop loop;
    private final ClientTimeouts timeouts;
    private final HeadReader reader;
    private final BodyReader body = new BodyReader();
    private final BodyWriter writer = new BodyWriter();
    private final BodyPace pace;
    private final Peer peer;
    private final OutputProgress output = new OutputProgress();
    private ChannelHandlerContext context;
    private Channel channel;
    private @Nullable Tunnel tunnel;
    private State state = State.HEAD;
    private final Inbound inbound = new Inbound();
    private final Inbound.Taker taker = this::step;
    private @Nullable Exchange exchange;
    private boolean bodyWanted = true;
    private boolean closeAfterAnswer;
    private boolean dirty;
    private long lingeredBytes;
    private long lastActivityNanos;
    private long sweptNanos;
    private long headDeadlineNanos;
    private int slot;

    @SuppressWarnings("NullAway.Init") // the channel is known when the handler is added, before anything else is called
    public ServerConnection(ConnectionHost host, Loop loop, ClientTimeouts timeouts, Peer peer) {
        this.peer = peer;
        this.host = host;
        this.loop = loop;
        this.timeouts = timeouts;
        this.reader = new HeadReader(StartLine.REQUEST, host.headLimits());
        this.pace = new BodyPace(timeouts.idle(), timeouts.bodyRate());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        channel = context.channel();
        lastActivityNanos = loop.coarseNanos();
        sweptNanos = lastActivityNanos;
        loop.watch(this);
        host.served(channel, this);
    }

    // Reading.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.TUNNEL) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf in = (ByteBuf) message;
        lastActivityNanos = loop.coarseNanos();
        inbound.add(in);
        process();
    }

    private void process() {
        if (inbound.offer(taker, channel.alloc()) && state != State.TUNNEL) {
            autoRead(inbound.size() <= MAX_PIPELINED_BYTES && (state != State.BODY || bodyWanted));
        }
    }

    /** Takes the next part of what was read; false if it can take no more for now. */
    private boolean step(ByteBuf in) {
        return switch (state) {
            case HEAD -> readHead(in);
            case BODY -> readBody(in);
            case ANSWERING -> false;
            case TUNNEL -> passOn(in);
            case CLOSING, LINGERING -> linger(in);
            case CLOSED -> drop(in);
        };
    }

    private boolean readHead(ByteBuf in) {
        if (!channel.isWritable()) {
            // A client that sends requests and reads no answers would make us keep them all.
            return false;
        }
        if (!reader.begun()) {
            headDeadlineNanos = loop.coarseNanos() + timeouts.head().toNanos();
        }
        switch (reader.read(in)) {
            case MORE -> {
                return false;
            }
            case BAD -> begin(reader.error());
            case DONE -> begin(RequestRules.apply(reader.head()));
        }
        return true;
    }

    private void begin(@Nullable MessageError error) {
        Head head = reader.head();
        Exchange next = new Exchange(head, peer, loop, this);
        exchange = next;
        bodyWanted = true;
        if (error != null) {
            closeAfterAnswer = true;
            state = State.ANSWERING;
            host.refuse(next, error);
            return;
        }
        closeAfterAnswer = !head.persistent();
        body.begin(head);
        pace.begin(loop.coarseNanos());
        state = body.complete() ? State.ANSWERING : State.BODY;
        host.accept(next);
    }

    private boolean readBody(ByteBuf in) {
        Exchange current = exchange;
        if (current == null || !bodyWanted) {
            return false;
        }
        int before = in.readableBytes();
        ByteBuf data = body.read(in);
        pace.came(before - in.readableBytes(), lastActivityNanos);
        if (data != null) {
            current.requestData(data);
        }
        MessageError error = body.error();
        if (error != null) {
            closeAfterAnswer = true;
            state = State.ANSWERING;
            current.requestBroken(error);
        } else if (body.complete() && state == State.BODY) {
            state = State.ANSWERING;
            current.requestEnd(body.trailers());
        }
        return true;
    }

    private boolean passOn(ByteBuf in) {
        context.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
        return false;
    }

    private boolean linger(ByteBuf in) {
        lingeredBytes += in.readableBytes();
        if (lingeredBytes > OutputEnd.MAX_LINGER_BYTES) {
            OutputEnd.cut(channel);
        }
        return drop(in);
    }

    private static boolean drop(ByteBuf in) {
        in.skipBytes(in.readableBytes());
        return false;
    }

    private void autoRead(boolean wanted) {
        if (channel.config().isAutoRead() != wanted) {
            channel.config().setAutoRead(wanted);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Exchange current = exchange;
        if (current != null) {
            current.requestPaused();
        }
        flush();
        context.fireChannelReadComplete();
    }

    @Override
    public void readBody(boolean wanted) {
        if (bodyWanted == wanted) {
            return;
        }
        bodyWanted = wanted;
        if (wanted) {
            process();
            Exchange current = exchange;
            if (current != null) {
                current.requestPaused();
            }
        }
        if (!inbound.isTaking() && state == State.BODY) {
            autoRead(bodyWanted);
        }
    }

    // Writing.

    @Override
    public void interim(OutgoingHead head) {
        if (!reader.head().http10()) {
            channel.write(HeadWriter.answer(channel.alloc(), head, Connection.UNSAID), channel.voidPromise());
            dirty = true;
            flush();
        }
    }

    @Override
    public void head(OutgoingHead head) {
        boolean http10 = reader.head().http10();
        if (head.framing() == Framing.UNTIL_CLOSE || (head.framing() == Framing.CHUNKED && http10)) {
            // Where the length is not known: chunked for who reads it, else the end of the connection.
            head.framed(http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED, -1);
            closeAfterAnswer |= http10;
        }
        // An answer before the whole request was read: what the client sends after it can no longer be told from a body
        // it gave up. So with what came behind a request for a WebSocket that was not granted.
        closeAfterAnswer |= host.draining() || state == State.BODY || sentIntoNoWebSocket();
        dirty = true;
        writer.begin(HeadWriter.answer(channel.alloc(), head, connection(http10)), head.framing());
    }

    private boolean sentIntoNoWebSocket() {
        return inbound.size() > 0 && WebSocketRules.asks(reader.head());
    }

    @Override
    public void tunnel(OutgoingHead head, Channel upstream, TunnelEnd.Listener whenEnded) {
        state = State.TUNNEL;
        exchange = null;
        channel.write(HeadWriter.answer(channel.alloc(), head, Connection.UNSAID), channel.voidPromise());
        tunnel = Tunnel.between(
                loop, channel, upstream, new Tunnel.Limits(timeouts.tunnelIdle(), timeouts.linger()), whenEnded);
        process();
        upstream.flush();
        channel.flush();
    }

    private Connection connection(boolean http10) {
        if (closeAfterAnswer) {
            return Connection.CLOSE;
        }
        return http10 ? Connection.KEEP_ALIVE : Connection.UNSAID;
    }

    @Override
    public void body(ByteBuf data) {
        dirty = true;
        writer.data(channel, data);
    }

    @Override
    public void end(@Nullable Head trailers) {
        writer.end(channel, trailers);
        dirty = true;
        flush();
    }

    @Override
    public void ended() {
        exchange = null;
        if (state == State.CLOSED) {
            return;
        }
        if (closeAfterAnswer || state == State.BODY) {
            beginLingering();
            return;
        }
        state = State.HEAD;
        reader.clear();
        lastActivityNanos = loop.coarseNanos();
        headDeadlineNanos = loop.coarseNanos() + timeouts.head().toNanos();
        if (!inbound.isTaking() && inbound.size() > 0) {
            loop.eventLoop().execute(this::process);
        }
    }

    /** Closes without a reset, which would take the answer from a client that is still sending (RFC 9112, 9.6). */
    private void beginLingering() {
        state = State.CLOSING;
        autoRead(true);
        dirty = false;
        // Only once all of the answer has left: shutting down drops what a slow client has not taken yet.
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> endOutput(left.isSuccess()));
    }

    private void endOutput(boolean allHasLeft) {
        if (!allHasLeft || !(channel instanceof SocketChannel socket)) {
            channel.close();
            return;
        }
        state = State.LINGERING;
        lastActivityNanos = loop.coarseNanos();
        OutputEnd.say(socket);
    }

    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            writer.settle(channel);
            channel.flush();
        }
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void bodyMayRest() {
        // Nothing to do: what HTTP/1 carries is no call that goes on and on.
    }

    @Override
    public boolean trailersAreRead() {
        return false;
    }

    @Override
    public void closeAfterAnswer() {
        closeAfterAnswer = true;
    }

    @Override
    public void cut() {
        exchange = null;
        if (writer.endsWithConnection()) {
            // Its end is all that tells such an answer is whole: only a reset says that it is not, and no close_notify.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            OutputEnd.cut(channel);
            return;
        }
        channel.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.fireChannelWritabilityChanged();
        if (!channel.isWritable()) {
            return;
        }
        Exchange current = exchange;
        if (current != null) {
            current.clientWritable();
        } else if (state == State.HEAD) {
            process();
        }
    }

    // The end.

    /**
     * Every answer from here on is the last of its connection. One that waits for a request is not closed at once: the request may be
     * on its way, and would be lost; {@link #sweep} closes it soon.
     */
    @Override
    public void drain() {}

    @Override
    public void close() {
        loop.eventLoop().execute(() -> {
            if (tunnel == null) {
                channel.close();
            } else {
                tunnel.leave("drained");
            }
        });
    }

    @Override
    public void sweep(long nowNanos) {
        long sinceLast = nowNanos - sweptNanos;
        sweptNanos = nowNanos;
        if (state != State.TUNNEL && output.isStuck(channel, nowNanos, timeouts.idle())) {
            channel.close();
        }
        switch (state) {
            case HEAD -> {
                if (reader.begun()) {
                    if (nowNanos - headDeadlineNanos > 0) {
                        begin(new MessageError(408, "head-timeout", "the request's head did not come in time"));
                    }
                } else if (nowNanos - lastActivityNanos > timeouts.keepAliveNanos(host.draining())) {
                    channel.close();
                }
            }
            case BODY -> {
                Exchange current = exchange;
                if (bodyWanted && current != null) {
                    MessageError error = pace.passed(sinceLast, nowNanos);
                    if (error != null) {
                        endRequest(current, error);
                    }
                } else {
                    pace.notWanted(nowNanos);
                }
            }
            case LINGERING -> {
                if (nowNanos - lastActivityNanos > timeouts.linger().toNanos()) {
                    channel.close();
                }
            }
            case ANSWERING, TUNNEL, CLOSING, CLOSED -> {}
        }
    }

    private void endRequest(Exchange current, MessageError error) {
        closeAfterAnswer = true;
        state = State.ANSWERING;
        current.requestBroken(error);
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
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
        writer.close();
        inbound.release();
        context.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS && state != State.TUNNEL) {
            // With TLS close_notify is the end (RFC 8446, 6.1), even if the connection below it stays open.
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
        // A reset, or a write to a connection that is gone: channelInactive says the rest.
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("client connection failed exchange={}", exchange == null ? "none" : exchange.requestId(), cause);
        }
        context.close();
    }
}
