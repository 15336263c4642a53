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
final class Http2UpstreamStream implements UpstreamStream {
    private static final int NOT_BEGUN = 0;
    private static final int FIRST_FINAL_STATUS = 200;

    private final Http2UpstreamConnection connection;
    private final Session session;
    private final InWindow window = new InWindow(Http2UpstreamConnection.STREAM_WINDOW_BYTES);
    private final Head head = new Head();
    private int id = NOT_BEGUN;
    private @Nullable OutQueue out;
    private @Nullable AnswerSink sink;
    private boolean reused;
    private boolean toHead;
    private boolean requestComplete;
    private boolean sourceWaits;
    private boolean headSeen;
    private long announcedBytes = -1;
    private long seenBytes;
    private boolean answerWanted = true;
    private @Nullable ByteBuf waiting;
    private boolean endWaits;
    private @Nullable Head trailers;
    private int notTakenOn;
    private boolean closed;
    private long responseTimeoutNanos;
    private long idleTimeoutNanos;
    private long sinceNanos;

    Http2UpstreamStream(Http2UpstreamConnection connection, Session session) {
        this.connection = connection;
        this.session = session;
    }

    int id() {
        return id;
    }

    InWindow window() {
        return window;
    }

    @Nullable
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
        OutQueue queue = new OutQueue(session.outflow(), id, connection::flushSoon);
        out = queue;
        boolean bodiless = head.framing() == Framing.NONE;
        session.writer().headers(id, session.fieldWriter().request(head, connection.tls()), bodiless);
        if (bodiless) {
            queue.endedWithHead();
        }
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void requestData(ByteBuf data) {
        OutQueue queue = out;
        if (closed || queue == null) {
            data.release();
            return;
        }
        // A slow upload is no slow answer: the wait for the head begins when the request is whole.
        sinceNanos = connection.nowNanos();
        queue.add(data);
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        OutQueue queue = out;
        if (!closed && queue != null) {
            requestComplete = true;
            sinceNanos = connection.nowNanos();
            queue.end(trailers);
            flushRequest();
        }
    }

    @Override
    public void flushRequest() {
        connection.flushSoon();
    }

    @Override
    public boolean requestWritable() {
        OutQueue queue = out;
        if (queue != null && (queue.isFull() || session.outflow().isFull())) {
            sourceWaits = true;
        }
        return !sourceWaits;
    }

    /** Tells the source of the request when there is room again. */
    void tellIfWritable() {
        OutQueue queue = out;
        AnswerSink current = sink;
        if (sourceWaits
                && queue != null
                && queue.hasRoom()
                && !session.outflow().isFull()) {
            sourceWaits = false;
            sinceNanos = connection.nowNanos();
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
        boolean bodiless = head.framing() == Framing.NONE;
        announcedBytes = bodiless ? 0 : head.contentLength();
        if (endStream && announcedBytes > 0) {
            bad("its content is shorter than its Content-Length");
            return;
        }
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
        int n = piece.readableBytes();
        seenBytes += n;
        notTakenOn += n;
        sinceNanos = connection.nowNanos();
        AnswerSink current = sink;
        if (!headSeen || (announcedBytes >= 0 && seenBytes > announcedBytes)) {
            piece.release();
            bad(headSeen ? "its content is longer than its Content-Length" : "content comes before its head");
        } else if (current == null) {
            piece.release();
        } else if (answerWanted) {
            current.answerData(piece);
            giveBack();
        } else {
            keep(piece);
        }
    }

    private void keep(ByteBuf piece) {
        ByteBuf kept = waiting;
        if (kept == null) {
            kept = connection.allocate(piece.readableBytes());
            waiting = kept;
        }
        kept.writeBytes(piece);
        piece.release();
    }

    void end(@Nullable Head trailers) {
        if (closed) {
            return;
        }
        if (!headSeen) {
            bad("the stream ends without a head");
        } else if (announcedBytes >= 0 && seenBytes != announcedBytes) {
            bad("its content is shorter than its Content-Length");
        } else {
            endWaits = true;
            this.trailers = trailers;
            pass();
        }
    }

    private void pass() {
        AnswerSink current = sink;
        if (current == null || !answerWanted) {
            return;
        }
        ByteBuf kept = waiting;
        waiting = null;
        if (kept != null) {
            current.answerData(kept);
            giveBack();
        }
        // The client may have become too slow by what it just got.
        if (endWaits && sink != null && answerWanted) {
            sink = null;
            close();
            connection.answered(this, requestComplete);
            current.answerEnd(trailers);
        }
    }

    private void giveBack() {
        if (!answerWanted || closed) {
            return;
        }
        int done = notTakenOn;
        notTakenOn = 0;
        session.takenOn(done);
        int back = window.takenOn(done);
        if (back > 0 && !endWaits) {
            session.writer().windowUpdate(id, back);
        }
    }

    /** So much of a frame was padding, and is done with. */
    void overhead(int bytes) {
        int back = bytes == 0 ? 0 : window.takenOn(bytes);
        if (back > 0) {
            session.writer().windowUpdate(id, back);
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
        if (answerWanted == wanted) {
            return;
        }
        answerWanted = wanted;
        if (wanted) {
            sinceNanos = connection.nowNanos();
            pass();
            giveBack();
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
        OutQueue queue = out;
        if (queue != null) {
            queue.drop();
        }
        ByteBuf kept = waiting;
        waiting = null;
        if (kept != null) {
            kept.release();
        }
        session.takenOn(notTakenOn);
        notTakenOn = 0;
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
        } else if (!requestComplete && sourceWaits && waited > idleTimeoutNanos) {
            timeOut(Kind.IDLE_TIMEOUT, "stopped taking the request");
        }
    }

    private void timeOut(Kind kind, String detail) {
        connection.reset(this, Http2Error.CANCEL);
        fail(new UpstreamFailure(kind, detail));
    }
}
