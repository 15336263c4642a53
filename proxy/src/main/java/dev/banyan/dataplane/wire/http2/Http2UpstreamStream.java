package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.wire.Framing;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.MessageError;
import dev.banyan.dataplane.wire.OutgoingHead;
import dev.banyan.dataplane.wire.rules.AnswerRules;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** One attempt's stream on a connection to an endpoint. It has a number from {@link #begin} on. */
final class Http2UpstreamStream implements UpstreamStream, InQueue.Taker {
    private static final int NOT_BEGUN = 0;
    private static final int FIRST_FINAL_STATUS = 200;

    private final Http2UpstreamConnection connection;
    private final Session session;
    private final InQueue in;
    private final OutQueue out;
    private final Head head = new Head();
    private int id = NOT_BEGUN;
    private @Nullable AnswerSink sink;
    private boolean reused;
    private boolean toHead;
    private boolean requestComplete;
    private boolean headSeen;
    private boolean answerWanted = true;
    private boolean closed;
    private long responseTimeoutNanos;
    private long idleTimeoutNanos;
    private long sinceNanos;

    Http2UpstreamStream(Http2UpstreamConnection connection, Session session) {
        this.connection = connection;
        this.session = session;
        in = new InQueue(session, Http2UpstreamConnection.STREAM_WINDOW_BYTES, this);
        out = new OutQueue(session.outflow(), connection::flushSoon);
    }

    int id() {
        return id;
    }

    InQueue in() {
        return in;
    }

    OutQueue out() {
        return out;
    }

    // The request.

    @Override
    public void begin(OutgoingHead head, AnswerSink sink, long responseTimeoutNanos, long idleTimeoutNanos) {
        this.sink = sink;
        this.responseTimeoutNanos = responseTimeoutNanos;
        this.idleTimeoutNanos = idleTimeoutNanos;
        reused = connection.reused();
        toHead = head.method().equals("HEAD");
        sinceNanos = connection.nowNanos();
        id = connection.begun(this);
        in.open(id);
        out.open(id);
        boolean bodiless = head.framing() == Framing.NONE;
        session.writer().headers(id, session.fieldWriter().request(head, connection.tls()), bodiless);
        if (bodiless) {
            out.endedWithHead();
        }
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void requestData(ByteBuf data) {
        // A slow upload is no slow answer: the wait for the head begins when the request is whole.
        sinceNanos = connection.nowNanos();
        out.add(data);
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        if (!closed) {
            requestComplete = true;
            sinceNanos = connection.nowNanos();
            out.end(trailers);
            flushRequest();
        }
    }

    @Override
    public void flushRequest() {
        connection.flushSoon();
    }

    @Override
    public boolean requestWritable() {
        return out.isWritable();
    }

    /** Tells the source of the request when there is room again. */
    void tellIfWritable() {
        if (out.sourceMayGoOn()) {
            sinceNanos = connection.nowNanos();
            AnswerSink current = sink;
            if (current != null) {
                current.requestWritableAgain();
            }
        }
    }

    // The answer.

    /** A block of header fields: an interim answer, the answer, or its trailers. */
    void headers(ByteBuf block, boolean endStream) {
        if (headSeen) {
            trailers(block, endStream);
            return;
        }
        head.clear();
        switch (session.fieldReader().readAnswer(block, head)) {
            case UNDECODABLE ->
                connection.connectionError(
                        Http2Error.COMPRESSION_ERROR, session.fieldReader().error());
            case MALFORMED -> bad(session.fieldReader().error());
            case TOO_LARGE -> bad(session.fieldReader().tooLarge().detail());
            case READ -> head(endStream);
        }
    }

    private void head(boolean endStream) {
        AnswerSink current = sink;
        if (current == null) {
            return;
        }
        MessageError error = AnswerRules.apply(head, toHead);
        if (error != null) {
            bad(error.detail());
        } else if (head.status() < FIRST_FINAL_STATUS) {
            if (endStream) {
                bad("an interim answer ends the stream");
            } else {
                sinceNanos = connection.nowNanos();
                current.interim(head);
            }
        } else {
            begin(current, endStream);
        }
    }

    private void begin(AnswerSink current, boolean endStream) {
        long announcedBytes = head.framing() == Framing.NONE ? 0 : head.contentLength();
        if (endStream && announcedBytes > 0) {
            bad("its content is shorter than its Content-Length");
            return;
        }
        in.announced(announcedBytes);
        if (head.framing() == Framing.UNTIL_CLOSE) {
            // How long it is, the last frame tells; which may be this one.
            head.framed(endStream ? Framing.NONE : Framing.CHUNKED, endStream ? 0 : -1);
        }
        headSeen = true;
        sinceNanos = connection.nowNanos();
        current.answerHead(head);
        if (endStream) {
            end(null);
        }
    }

    private void trailers(ByteBuf block, boolean endStream) {
        Head fields = new Head();
        switch (session.fieldReader().readTrailers(block, fields)) {
            case UNDECODABLE ->
                connection.connectionError(
                        Http2Error.COMPRESSION_ERROR, session.fieldReader().error());
            case MALFORMED, TOO_LARGE -> bad("its trailers cannot be read");
            case READ -> {
                if (endStream) {
                    end(fields.count() == 0 ? null : fields);
                } else {
                    bad("a second head follows the first");
                }
            }
        }
    }

    /** Takes ownership of {@code piece}. */
    void data(ByteBuf piece) {
        sinceNanos = connection.nowNanos();
        if (!headSeen) {
            piece.release();
            bad("content comes before its head");
        } else if (!in.content(piece)) {
            bad("its content is longer than its Content-Length");
        }
    }

    void end(@Nullable Head trailers) {
        if (closed) {
            return;
        }
        if (!headSeen) {
            bad("the stream ends without a head");
        } else if (!in.end(trailers)) {
            bad("its content is shorter than its Content-Length");
        }
    }

    @Override
    public void take(ByteBuf piece) {
        AnswerSink current = sink;
        if (current == null) {
            piece.release();
        } else {
            current.answerData(piece);
        }
    }

    @Override
    public void takeEnd(@Nullable Head trailers) {
        AnswerSink current = sink;
        sink = null;
        close();
        connection.answered(this, requestComplete);
        if (current != null) {
            current.answerEnd(trailers);
        }
    }

    void paused() {
        AnswerSink current = sink;
        if (current != null) {
            current.answerPaused();
        }
    }

    @Override
    public void readAnswer(boolean wanted) {
        answerWanted = wanted;
        if (in.want(wanted) && wanted) {
            sinceNanos = connection.nowNanos();
            paused();
            connection.flushSoon();
        }
    }

    // The end.

    private void bad(String detail) {
        connection.reset(this, Http2Error.PROTOCOL_ERROR);
        fail(new UpstreamFailure(Kind.BAD_ANSWER, "gave a bad answer: " + detail));
    }

    /** The upstream ended the stream. */
    void resetBy(Http2Error error) {
        reused = false; // no stale connection: it has answered
        fail(
                error == Http2Error.REFUSED_STREAM
                        ? new UpstreamFailure(Kind.NOT_TAKEN, "refused the stream")
                        : new UpstreamFailure(
                                headSeen ? Kind.CLOSED_WITHIN_ANSWER : Kind.CLOSED_BEFORE_ANSWER,
                                "reset the stream (" + error + ")"));
    }

    /** The connection is gone. */
    void cutOff() {
        fail(
                headSeen
                        ? new UpstreamFailure(Kind.CLOSED_WITHIN_ANSWER, "closed the connection within its answer")
                        : new UpstreamFailure(Kind.CLOSED_BEFORE_ANSWER, "closed the connection without an answer"));
    }

    /** Tells once; the stream is off its connection already. */
    void fail(UpstreamFailure failure) {
        AnswerSink current = sink;
        sink = null;
        close();
        if (current != null) {
            current.failed(failure);
        }
    }

    @Override
    public void cancel() {
        sink = null;
        if (!closed) {
            connection.reset(this, Http2Error.CANCEL);
            close();
        }
    }

    private void close() {
        closed = true;
        out.drop();
        in.close();
    }

    /** Asked now and then. */
    void sweep(long nowNanos) {
        long waited = nowNanos - sinceNanos;
        if (headSeen) {
            if (answerWanted && waited > idleTimeoutNanos) {
                timeOut(Kind.IDLE_TIMEOUT, "stopped within its answer");
            }
        } else if (requestComplete && waited > responseTimeoutNanos) {
            timeOut(Kind.RESPONSE_TIMEOUT, "did not begin to answer in time");
        } else if (!requestComplete && out.sourceWaits() && waited > idleTimeoutNanos) {
            timeOut(Kind.IDLE_TIMEOUT, "stopped taking the request");
        }
    }

    private void timeOut(Kind kind, String detail) {
        connection.reset(this, Http2Error.CANCEL);
        fail(new UpstreamFailure(kind, detail));
    }
}
