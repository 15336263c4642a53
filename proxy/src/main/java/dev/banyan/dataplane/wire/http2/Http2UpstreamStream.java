package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamPatience;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.AnswerRules;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** One attempt's stream on a connection to an endpoint. It has a number from {@link #begin} on. */
final class Http2UpstreamStream implements UpstreamStream, Stream, InQueue.Taker {
    static final int NOT_BEGUN = 0;

    private static final int FIRST_FINAL_STATUS = 200;

    private final AttemptStreams attempts;
    private final Session<Http2UpstreamStream> session;
    private final boolean tls;
    private final InQueue in;
    private final OutQueue out;
    private final UpstreamPatience patience = new UpstreamPatience();
    private final Head head = new Head();
    private int id = NOT_BEGUN;
    private @Nullable AnswerSink sink;
    private boolean reused;
    private boolean toHead;
    private boolean requestComplete;
    private int interimAnswers;
    private boolean headSeen;
    private boolean answerWanted = true;
    private boolean closed;

    Http2UpstreamStream(AttemptStreams attempts, Session<Http2UpstreamStream> session, boolean tls) {
        this.attempts = attempts;
        this.session = session;
        this.tls = tls;
        in = new InQueue(session, Http2UpstreamConnection.STREAM_WINDOW_BYTES, this);
        out = new OutQueue(session.outflow(), session::flushSoon);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public InQueue in() {
        return in;
    }

    @Override
    public OutQueue out() {
        return out;
    }

    // The request.

    @Override
    public void begin(OutgoingHead head, AnswerSink sink, long responseTimeoutNanos, long idleTimeoutNanos) {
        this.sink = sink;
        patience.begin(responseTimeoutNanos, idleTimeoutNanos, session.nowNanos());
        reused = attempts.rested();
        toHead = head.method().equals("HEAD");
        attempts.begin(this);
        boolean bodiless = head.framing() == Framing.NONE;
        session.writer().headers(id, session.fieldWriter().request(head, tls), bodiless);
        if (bodiless) {
            out.endedWithHead();
        }
    }

    /** It has its number. */
    void open(int number) {
        id = number;
        in.open(number);
        out.open(number);
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public boolean open() {
        return session.isOpen();
    }

    @Override
    public void requestData(ByteBuf data) {
        patience.moved(session.nowNanos());
        out.add(data);
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        if (!closed) {
            requestComplete = true;
            patience.moved(session.nowNanos());
            out.end(trailers);
            flushRequest();
        }
    }

    @Override
    public void flushRequest() {
        session.flushSoon();
    }

    @Override
    public boolean requestWritable() {
        return out.isWritable();
    }

    @Override
    public void tellIfWritable() {
        if (out.sourceMayGoOn()) {
            patience.moved(session.nowNanos());
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
            case UNDECODABLE -> {}
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
        if (error == null && head.status() < FIRST_FINAL_STATUS) {
            error = AnswerRules.interim(++interimAnswers);
        }
        if (error != null) {
            bad(error.detail());
        } else if (head.status() < FIRST_FINAL_STATUS) {
            if (endStream) {
                bad("an interim answer ends the stream");
            } else {
                patience.moved(session.nowNanos());
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
        patience.moved(session.nowNanos());
        current.answerHead(head);
        if (endStream) {
            in.end(null); // as announced
        }
    }

    private void trailers(ByteBuf block, boolean endStream) {
        Head fields = new Head();
        switch (session.fieldReader().readTrailers(block, fields)) {
            case UNDECODABLE -> {}
            case MALFORMED, TOO_LARGE -> bad("its trailers cannot be read");
            case READ -> {
                if (!endStream) {
                    bad("a second head follows the first");
                } else if (!in.end(fields.count() == 0 ? null : fields)) {
                    bad("its content is shorter than its Content-Length");
                }
            }
        }
    }

    @Override
    public boolean awaitsHead() {
        return !headSeen;
    }

    @Override
    public boolean content(ByteBuf piece) {
        patience.moved(session.nowNanos());
        return in.content(piece);
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
        attempts.answered(this, requestComplete);
        if (current != null) {
            current.answerEnd(trailers);
        }
    }

    @Override
    public void paused() {
        AnswerSink current = sink;
        if (current != null) {
            current.answerPaused();
        }
    }

    @Override
    public void readAnswer(boolean wanted) {
        answerWanted = wanted;
        if (in.want(wanted) && wanted) {
            patience.moved(session.nowNanos());
            paused();
            session.flushSoon();
        }
    }

    // The end.

    private void bad(String detail) {
        attempts.streamError(id, Http2Error.PROTOCOL_ERROR, detail);
    }

    /** The upstream ended the stream. */
    void resetBy(Http2Error error) {
        reused = false; // no stale connection: it has answered
        if (error == Http2Error.REFUSED_STREAM) {
            notTaken("refused the stream");
        } else {
            fail(new UpstreamFailure(
                    headSeen ? Kind.CLOSED_WITHIN_ANSWER : Kind.CLOSED_BEFORE_ANSWER,
                    "reset the stream (" + error + ")"));
        }
    }

    /** It says that it did nothing with the request. Who has begun to answer says so in vain: it may have done all of it. */
    void notTaken(String detail) {
        fail(new UpstreamFailure(headSeen ? Kind.CLOSED_WITHIN_ANSWER : Kind.NOT_TAKEN, detail));
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
            attempts.cancel(this, Http2Error.CANCEL);
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
        UpstreamFailure late = headSeen
                ? patience.withinAnswer(answerWanted, nowNanos)
                : patience.beforeHead(requestComplete, out.sourceWaits(), nowNanos);
        if (late != null) {
            attempts.cancel(this, Http2Error.CANCEL);
            fail(late);
        }
    }
}
