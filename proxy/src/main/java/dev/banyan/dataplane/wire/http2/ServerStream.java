package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.ClientStream;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.BodyPace;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a client's connection. */
final class ServerStream implements ClientStream, Stream, InQueue.Taker {
    private final RequestStreams requests;
    private final Session<ServerStream> session;
    private final int id;
    private final Head head;
    private final InQueue in;
    private final OutQueue out;
    private final BodyPace pace;
    private @Nullable Exchange exchange;
    private boolean mayRest;
    private boolean answerBegun;
    private boolean answered;
    private boolean closed;

    ServerStream(
            RequestStreams requests, Session<ServerStream> session, int id, int windowBytes, Head head, BodyPace pace) {
        this.requests = requests;
        this.session = session;
        this.id = id;
        this.head = head;
        this.pace = pace;
        in = new InQueue(session, windowBytes, this);
        in.open(id);
        out = new OutQueue(session.outflow(), this::allHasLeft);
        out.open(id);
    }

    @Override
    public int id() {
        return id;
    }

    Head head() {
        return head;
    }

    @Override
    public InQueue in() {
        return in;
    }

    @Override
    public OutQueue out() {
        return out;
    }

    /** Whether the answer is on its way as a whole, so that a reset takes nothing back. */
    boolean answered() {
        return answered;
    }

    // The request.

    void begin(Exchange exchange, long announcedBytes, boolean endStream) {
        this.exchange = exchange;
        in.announced(announcedBytes);
        if (endStream) {
            in.endedWithHead();
        }
    }

    @Override
    public boolean awaitsHead() {
        return false;
    }

    @Override
    public boolean content(ByteBuf piece) {
        pace.came(piece.readableBytes(), session.nowNanos());
        return in.content(piece);
    }

    @Override
    public void take(ByteBuf piece) {
        Exchange current = exchange;
        if (current == null) {
            piece.release();
        } else {
            current.requestData(piece);
        }
    }

    @Override
    public void takeEnd(@Nullable Head trailers) {
        Exchange current = exchange;
        if (current != null) {
            current.requestEnd(trailers);
        }
    }

    @Override
    public void paused() {
        Exchange current = exchange;
        if (current != null) {
            // Also when the client has ended: what it sent last may wait, unflushed, for room that only a flush makes.
            current.requestPaused();
        }
    }

    @Override
    public void readBody(boolean wanted) {
        if (in.want(wanted) && wanted) {
            Exchange current = exchange;
            if (current != null) {
                current.requestPaused();
            }
            session.flushSoon();
        }
    }

    @Override
    public void bodyMayRest() {
        mayRest = true;
        pace.unhurried();
    }

    /** What is wrong with the pace of the request; checked now and then. */
    void sweep(long nanosSinceLast, long nowNanos) {
        Exchange current = exchange;
        if (current == null || in.hasEnded()) {
            return;
        }
        // Once there is an answer, the upstream's time between two bytes, either way, is the limit.
        boolean resting = mayRest && answerBegun;
        if (resting || !in.awaitsPeer() || !session.window().isOpen()) {
            pace.notWanted(nowNanos);
            return;
        }
        MessageError error = pace.passed(nanosSinceLast, nowNanos);
        if (error != null) {
            current.requestBroken(error);
            session.flushSoon();
        }
    }

    // The answer.

    @Override
    public void interim(OutgoingHead head) {
        if (!closed) {
            session.writer().headers(id, session.fieldWriter().answer(head), false);
            session.flushSoon();
        }
    }

    @Override
    public void head(OutgoingHead head) {
        if (closed) {
            return;
        }
        answerBegun = true;
        boolean bodiless = head.framing() == Framing.NONE;
        session.writer().headers(id, session.fieldWriter().answer(head), bodiless);
        if (bodiless) {
            out.endedWithHead();
        }
    }

    @Override
    public void body(ByteBuf data) {
        out.add(data);
    }

    @Override
    public void end(@Nullable Head trailers) {
        answered = true;
        out.end(trailers);
        session.flushSoon();
    }

    @Override
    public void ended() {
        exchange = null;
        answered = true;
        in.drop();
        if (out.hasAllLeft()) {
            allHasLeft();
        }
    }

    private void allHasLeft() {
        if (exchange == null && answered) {
            requests.answerHasLeft(this);
        }
    }

    @Override
    public void flush() {
        session.flushSoon();
    }

    @Override
    public boolean writable() {
        return out.isWritable();
    }

    @Override
    public void tellIfWritable() {
        if (out.sourceMayGoOn()) {
            Exchange current = exchange;
            if (current != null) {
                current.clientWritable();
            }
        }
    }

    @Override
    public void closeAfterAnswer() {
        // Nothing to do: frames say where a request ends, whatever is in it.
    }

    @Override
    public boolean trailersAreRead() {
        return true;
    }

    // The end.

    @Override
    public void cut() {
        exchange = null;
        requests.reset(this, Http2Error.INTERNAL_ERROR);
    }

    /** The stream is no more: whatever is under way for it stops. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        out.drop();
        in.close();
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
    }
}
