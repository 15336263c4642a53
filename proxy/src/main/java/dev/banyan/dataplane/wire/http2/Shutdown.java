package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.OutputEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/**
 * How a client's connection ends: at once after a mistake, or in two steps, so that no request is refused that was sent before the
 * client could know (RFC 9113, 6.8).
 */
final class Shutdown {
    private static final long PING_CONTENT = 0x62616e79616eL;

    /** How long a client may take to hear that it is to open no more streams. */
    private static final long NOTICE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;
    private final Session<ServerStream> session;
    private final RequestStreams requests;
    private final Runnable stopReading;
    private State state = State.SERVING;
    private long sinceNanos;
    private long lingeredBytes;

    private enum State {
        SERVING,
        /** The client was told, and may not have heard it yet: what it sends meanwhile is served. */
        FIRST_GOAWAY_SENT,
        /** Nothing new is served; what is under way ends. */
        LAST_GOAWAY_SENT,
        /** Nothing is served. It waits for the client to close; what still comes is dropped, without a reset. */
        CLOSING,
        CLOSED
    }

    Shutdown(Channel channel, Session<ServerStream> session, RequestStreams requests, Runnable stopReading) {
        this.channel = channel;
        this.session = session;
        this.requests = requests;
        this.stopReading = stopReading;
    }

    /** Whether requests are under way, or may be. */
    boolean isServing() {
        return state.compareTo(State.CLOSING) < 0;
    }

    /** Whether a new stream is served. */
    boolean takesStreams() {
        return state.compareTo(State.LAST_GOAWAY_SENT) < 0;
    }

    // In peace.

    void begin() {
        if (state != State.SERVING) {
            return;
        }
        enter(State.FIRST_GOAWAY_SENT);
        session.writer().goAway(FrameType.MAX_STREAM, Http2Error.NO_ERROR, "draining");
        session.writer().ping(PING_CONTENT);
        session.writer().flush();
    }

    /** The client answers a PING; false if it is not ours. */
    boolean pingAcknowledged(long content) {
        boolean heard = state == State.FIRST_GOAWAY_SENT && content == PING_CONTENT;
        if (heard) {
            sayLast();
        }
        return heard;
    }

    private void sayLast() {
        enter(State.LAST_GOAWAY_SENT);
        session.writer().goAway(requests.lastStream(), Http2Error.NO_ERROR, "drained");
        session.flushSoon();
    }

    /** All that could be sent was sent: a connection on which nothing is under way any more may end. */
    void sent() {
        if (state == State.LAST_GOAWAY_SENT && session.streams().isEmpty()) {
            close();
        }
    }

    // At once.

    /** Says why, and ends what is under way. */
    void goAway(Http2Error error, String detail) {
        if (isServing()) {
            session.writer().goAway(requests.lastStream(), error, detail);
            close();
        }
    }

    /** The connection closes when all that was said has left. */
    private void close() {
        enter(State.CLOSING);
        stopReading.run();
        requests.closeAll();
        channel.config().setAutoRead(true);
        session.writer().flush();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> endOutput(left.isSuccess()));
    }

    /** Without a reset, which could take our last words from the client. */
    private void endOutput(boolean allHasLeft) {
        if (allHasLeft && channel instanceof SocketChannel socket) {
            OutputEnd.say(socket);
        } else {
            channel.close();
        }
    }

    /** What still comes from a client that has been told. Takes ownership. */
    void drop(ByteBuf late) {
        lingeredBytes += late.readableBytes();
        late.release();
        if (lingeredBytes > OutputEnd.MAX_LINGER_BYTES) {
            OutputEnd.cut(channel);
        }
    }

    void closed() {
        state = State.CLOSED;
    }

    private void enter(State next) {
        state = next;
        sinceNanos = session.nowNanos();
    }

    /** Asked now and then. */
    void sweep(long nowNanos, boolean draining, long lingerNanos) {
        switch (state) {
            case SERVING -> {
                if (draining) {
                    begin();
                }
            }
            case FIRST_GOAWAY_SENT -> {
                if (nowNanos - sinceNanos > NOTICE_NANOS) {
                    sayLast();
                }
            }
            case CLOSING -> {
                if (nowNanos - sinceNanos > lingerNanos) {
                    channel.close();
                }
            }
            case LAST_GOAWAY_SENT, CLOSED -> {}
        }
    }
}
