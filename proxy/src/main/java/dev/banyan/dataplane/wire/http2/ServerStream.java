package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.ClientStream;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.wire.Framing;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.MessageError;
import dev.banyan.dataplane.wire.OutgoingHead;
import dev.banyan.dataplane.wire.rules.BodyPace;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a client's connection. */
final class ServerStream implements ClientStream {
    private final Http2ServerConnection connection;
    private final Session session;
    private final int id;
    private final Head head;
    private final InWindow window = new InWindow(Http2ServerConnection.STREAM_WINDOW_BYTES);
    private final OutQueue out;
    private final BodyPace pace;

    private @Nullable Exchange exchange;
    private boolean closed;

    private long announcedBytes = -1;
    private long seenBytes;
    private int notTakenOn;
    private boolean requestEnded;
    private boolean bodyWanted = true;
    private @Nullable ByteBuf waiting;
    private boolean endWaits;
    private @Nullable Head trailers;

    private boolean mayRest;
    private boolean answerBegun;
    private boolean answered;
    private boolean sourceWaits;

    ServerStream(Http2ServerConnection connection, Session session, int id, Head head, BodyPace pace) {
        this.connection = connection;
        this.session = session;
        this.id = id;
        this.head = head;
        this.pace = pace;
        this.out = new OutQueue(session.outflow(), id, this::allHasLeft);
    }

    int id() {
        return id;
    }

    Head head() {
        return head;
    }

    OutQueue out() {
        return out;
    }

    InWindow window() {
        return window;
    }

    boolean requestEnded() {
        return requestEnded;
    }

    /** Whether the answer is on its way as a whole, so that a reset takes nothing back. */
    boolean answered() {
        return answered;
    }

    // The request.

    void begin(Exchange exchange, long announcedBytes, boolean endStream) {
        this.exchange = exchange;
        this.announcedBytes = announcedBytes;
        this.requestEnded = endStream;
    }

    /** A piece of the body; takes ownership. False if there is more of it than was announced. */
    boolean data(ByteBuf piece, long nowNanos) {
        int n = piece.readableBytes();
        if (closed) {
            piece.release();
            session.takenOn(n);
            return true;
        }
        seenBytes += n;
        notTakenOn += n;
        pace.came(n, nowNanos);
        if (announcedBytes >= 0 && seenBytes > announcedBytes) {
            piece.release();
            return false;
        }
        Exchange current = exchange;
        if (current == null || !bodyWanted) {
            keep(piece);
            return true;
        }
        current.requestData(piece);
        giveBack();
        return true;
    }

    /** So much of a frame was padding, and is done with. */
    void overhead(int bytes) {
        int back = bytes == 0 ? 0 : window.takenOn(bytes);
        if (back > 0) {
            session.writer().windowUpdate(id, back);
        }
    }

    /** Copied, so that a thousand tiny frames are no thousand objects. */
    private void keep(ByteBuf piece) {
        if (exchange != null && !closed) {
            ByteBuf kept = waiting;
            if (kept == null) {
                kept = connection.allocate(piece.readableBytes());
                waiting = kept;
            }
            kept.writeBytes(piece);
        }
        piece.release();
    }

    /** False if there is less of the body than was announced. */
    boolean requestEnd(@Nullable Head trailers) {
        requestEnded = true;
        if (announcedBytes >= 0 && seenBytes != announcedBytes) {
            return false;
        }
        this.trailers = trailers;
        endWaits = true;
        pass();
        return true;
    }

    private void pass() {
        Exchange current = exchange;
        if (current == null || !bodyWanted) {
            return;
        }
        ByteBuf kept = waiting;
        waiting = null;
        if (kept != null) {
            current.requestData(kept);
        }
        if (endWaits && bodyWanted && exchange != null) {
            endWaits = false;
            current.requestEnd(trailers);
        }
        giveBack();
    }

    private void giveBack() {
        if (!bodyWanted || closed) {
            return;
        }
        int done = notTakenOn;
        notTakenOn = 0;
        session.takenOn(done);
        int back = requestEnded ? 0 : window.takenOn(done);
        if (back > 0) {
            session.writer().windowUpdate(id, back);
        }
    }

    void paused() {
        Exchange current = exchange;
        if (current != null && !requestEnded) {
            current.requestPaused();
        }
    }

    @Override
    public void readBody(boolean wanted) {
        if (bodyWanted == wanted) {
            return;
        }
        bodyWanted = wanted;
        if (wanted) {
            pass();
            Exchange current = exchange;
            if (current != null) {
                current.requestPaused();
            }
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
        dropWaiting();
        if (out.hasAllLeft()) {
            allHasLeft();
        }
    }

    private void allHasLeft() {
        if (exchange == null && answered) {
            connection.answerHasLeft(this);
        }
    }

    @Override
    public void flush() {
        session.flushSoon();
    }

    @Override
    public boolean writable() {
        if (out.isFull() || session.outflow().isFull()) {
            sourceWaits = true;
        }
        return !sourceWaits;
    }

    /** Tells the source of the answer when there is room again. */
    void tellIfWritable() {
        if (sourceWaits && out.hasRoom() && !session.outflow().isFull()) {
            sourceWaits = false;
            Exchange current = exchange;
            if (current != null) {
                current.clientWritable();
            }
        }
    }

    @Override
    public void bodyMayRest() {
        mayRest = true;
        pace.unhurried();
    }

    @Override
    public void closeAfterAnswer() {
        // Nothing to do: frames say where a request ends, whatever is in it.
    }

    @Override
    public boolean trailersAreRead() {
        return true;
    }

    @Override
    public void cut() {
        exchange = null;
        connection.reset(this, Http2Error.INTERNAL_ERROR);
    }

    // The end.

    /** What is wrong with the pace of the request or of the client that takes the answer; checked now and then. */
    void sweep(long nanosSinceLast, long nowNanos) {
        Exchange current = exchange;
        if (current == null || requestEnded) {
            return;
        }
        // Once there is an answer, the upstream's time between two bytes, either way, is the limit.
        boolean resting = mayRest && answerBegun;
        if (resting || !bodyWanted || !window.isOpen() || !session.window().isOpen()) {
            pace.notWanted(nowNanos);
            return;
        }
        MessageError error = pace.passed(nanosSinceLast, nowNanos);
        if (error != null) {
            current.requestBroken(error);
            session.flushSoon();
        }
    }

    /** The stream is no more: whatever is under way for it stops. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        out.drop();
        dropWaiting();
        session.takenOn(notTakenOn);
        notTakenOn = 0;
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
    }

    private void dropWaiting() {
        ByteBuf kept = waiting;
        waiting = null;
        if (kept != null) {
            kept.release();
        }
    }
}
