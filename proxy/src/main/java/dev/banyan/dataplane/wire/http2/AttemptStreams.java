package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/** A client's end: the attempts under way on one connection to an endpoint, a stream each, and what their upstream says to them. */
final class AttemptStreams implements ConnectionEnd<Http2UpstreamStream> {
    /** Even where a peer allows more: what ends with a connection should not be everything. */
    private static final int MAX_STREAMS = 256;

    /** Stream numbers are not used again; a connection makes room for a new one before they run out. */
    private static final int LAST_STREAM = FrameType.MAX_STREAM - 2 * MAX_STREAMS;

    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Http2UpstreamConnection connection;
    private final Session<Http2UpstreamStream> session;
    private final Streams<Http2UpstreamStream> streams;
    private final boolean tls;
    private int reserved;
    private int nextStream = 1;
    private long sweptNanos;

    AttemptStreams(Http2UpstreamConnection connection, Session<Http2UpstreamStream> session, boolean tls) {
        this.connection = connection;
        this.session = session;
        this.streams = session.streams();
        this.tls = tls;
        this.sweptNanos = session.nowNanos();
    }

    // Attempts begin.

    /** How many more the upstream allows. */
    int room() {
        return Math.min(session.peerSettings().maxStreams(), MAX_STREAMS) - underWay();
    }

    int underWay() {
        return streams.size() + reserved;
    }

    /** A place for one more; there is room. */
    Http2UpstreamStream reserve() {
        reserved++;
        return new Http2UpstreamStream(this, session, tls);
    }

    void begin(Http2UpstreamStream stream) {
        stream.open(nextStream);
        streams.add(stream);
        nextStream += 2;
        reserved--;
        if (nextStream > LAST_STREAM) {
            connection.leave();
        }
    }

    /** Whether the connection has rested since it was opened, so that its peer may just be closing it. */
    boolean rested() {
        return streams.isEmpty() && nextStream > 1;
    }

    @Override
    public boolean isIdle(int id) {
        return id % 2 == 0 || id >= nextStream;
    }

    // Answers.

    @Override
    public void headers(Http2UpstreamStream stream, ByteBuf block, boolean endStream) {
        stream.headers(block, endStream);
    }

    @Override
    public void headersElsewhere(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        if (isIdle(id)) {
            connectionError(ConnectionError.protocol("an answer to a request that was never sent"));
        } else {
            session.fieldReader().skip(block); // on its way when its stream was cancelled
        }
    }

    @Override
    public void dataOfClosed(int id) {
        // On its way when its stream was cancelled.
    }

    /** The answer is whole. */
    void answered(Http2UpstreamStream stream, boolean requestComplete) {
        if (requestComplete) {
            streams.remove(stream.id());
            connection.freed();
        } else {
            cancel(stream, Http2Error.CANCEL);
        }
    }

    // Attempts fail.

    /** Nothing is wanted of it any more. Closes nothing that others need. */
    void cancel(Http2UpstreamStream stream, Http2Error error) {
        if (stream.id() == Http2UpstreamStream.NOT_BEGUN) {
            reserved--;
        } else if (streams.remove(stream.id()) != null) {
            session.writer().reset(stream.id(), error);
        }
        connection.freed();
    }

    @Override
    public void reset(Http2UpstreamStream stream, long errorCode) {
        streams.remove(stream.id());
        Http2Error error = Http2Error.valueOf(errorCode);
        stream.resetBy(error == null ? Http2Error.INTERNAL_ERROR : error);
        connection.freed();
    }

    @Override
    public void streamError(int id, Http2Error error, String detail) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream != null) {
            cancel(stream, error);
            stream.fail(new UpstreamFailure(Kind.BAD_ANSWER, "gave a bad answer: " + detail));
        }
    }

    /** What it has not looked at, and says so, can be sent again elsewhere (RFC 9113, 6.8). */
    @Override
    public void goAway(int lastStream) {
        connection.leave();
        for (Http2UpstreamStream stream : streams.all()) {
            if (stream.id() > lastStream) {
                streams.remove(stream.id());
                stream.notTaken("closed the connection before it looked at the request");
            }
        }
        connection.freed();
    }

    @Override
    public void connectionError(ConnectionError error) {
        connection.broken(error);
    }

    /** The connection is gone. */
    void cutAllOff() {
        streams.removeAll().forEach(Http2UpstreamStream::cutOff);
    }

    // Frames of the connection.

    @Override
    public void settings() {
        connection.settled();
    }

    /** We send no PING: a connection that rests is closed before it can be forgotten. */
    @Override
    public void pingAcknowledged(long content) {}

    /** Upstreams are ours: what they cost us is bounded by what we read of them. */
    @Override
    public void spend(Misuse kind) {}

    @Override
    public void misused(Misuse kind) {
        connectionError(new ConnectionError(Http2Error.ENHANCE_YOUR_CALM, kind.word()));
    }

    /** Asked now and then. */
    void sweep(long nowNanos) {
        if (nowNanos - sweptNanos >= SWEEP_NANOS) {
            sweptNanos = nowNanos;
            streams.all().forEach(stream -> stream.sweep(nowNanos));
        }
    }
}
