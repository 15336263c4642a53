package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What one stream receives: content on its way to who takes it, waiting here while they do not, and how much more the peer may send.
 * The window opens again by what was taken on, so that a slow taker slows the peer down, and the whole is as long as was announced.
 */
final class InQueue {
    private final Session<?> session;
    private final InWindow window;
    private final Taker taker;
    private int stream;
    private long announcedBytes = -1;
    private long seenBytes;
    private int notTakenOn;
    private boolean wanted = true;
    private boolean dropping;
    private @Nullable ByteBuf waiting;
    private boolean ended;
    private boolean endWaits;
    private @Nullable Head trailers;
    private boolean closed;

    /** Where the content goes, as long as it is wanted. */
    interface Taker {
        /** Takes ownership of {@code piece}. */
        void take(ByteBuf piece);

        void takeEnd(@Nullable Head trailers);
    }

    InQueue(Session<?> session, int windowBytes, Taker taker) {
        this.session = session;
        this.window = new InWindow(windowBytes);
        this.taker = taker;
    }

    /** The stream has its number. */
    void open(int stream) {
        this.stream = stream;
    }

    /** @param announcedBytes of content that must come until the end; -1: any number */
    void announced(long announcedBytes) {
        this.announcedBytes = announcedBytes;
    }

    // From the peer.

    /** So much of a DATA frame counts for flow control; false if it is more than the window allows. */
    boolean came(int flowBytes) {
        return window.came(flowBytes);
    }

    /** So much of it was padding, and is done with. */
    void padding(int bytes) {
        openWindow(bytes);
    }

    /** Takes ownership of {@code piece}. False if there is more content than was announced. */
    boolean content(ByteBuf piece) {
        int n = piece.readableBytes();
        seenBytes += n;
        boolean asAnnounced = announcedBytes < 0 || seenBytes <= announcedBytes;
        if (closed || dropping || !asAnnounced) {
            piece.release();
            session.takenOn(n);
            return closed || asAnnounced;
        }
        notTakenOn += n;
        if (wanted) {
            taker.take(piece);
            takenOn();
        } else {
            keep(piece);
        }
        return true;
    }

    /** Copied, so that a thousand tiny frames are no thousand objects. */
    private void keep(ByteBuf piece) {
        ByteBuf kept = waiting;
        if (kept == null) {
            kept = session.allocate(piece.readableBytes());
            waiting = kept;
        }
        kept.writeBytes(piece);
        piece.release();
    }

    /** The peer has ended the stream. False if there is less content than was announced. */
    boolean end(@Nullable Head trailers) {
        if (closed || ended) {
            return true;
        }
        ended = true;
        if (announcedBytes >= 0 && seenBytes != announcedBytes) {
            return false;
        }
        this.trailers = trailers;
        endWaits = true;
        if (wanted) {
            passOn();
        }
        return true;
    }

    /** The head was all of it. */
    void endedWithHead() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    // To the taker.

    /** Whether the taker takes more now; false if it was so before. */
    boolean want(boolean more) {
        if (wanted == more) {
            return false;
        }
        wanted = more;
        if (more) {
            passOn();
        }
        return true;
    }

    private void passOn() {
        ByteBuf kept = waiting;
        waiting = null;
        if (kept != null) {
            taker.take(kept);
        }
        // The taker may have had enough by what it just got.
        if (endWaits && wanted && !closed && !dropping) {
            endWaits = false;
            taker.takeEnd(trailers);
        }
        takenOn();
    }

    private void takenOn() {
        if (!wanted || closed) {
            return;
        }
        int done = notTakenOn;
        notTakenOn = 0;
        session.takenOn(done);
        openWindow(done);
    }

    private void openWindow(int bytes) {
        int back = bytes == 0 || ended ? 0 : window.takenOn(bytes);
        if (back > 0) {
            session.writer().windowUpdate(stream, back);
        }
    }

    /** Whether it is the taker's turn to wait: the peer may send, and what it sends is taken. */
    boolean awaitsPeer() {
        return wanted && !ended && window.isOpen();
    }

    // The end.

    /** Nobody takes any more, but the stream goes on: what comes costs the connection's other streams nothing. */
    void drop() {
        dropping = true;
        release();
    }

    /** The stream is no more. */
    void close() {
        closed = true;
        release();
    }

    private void release() {
        ByteBuf kept = waiting;
        waiting = null;
        if (kept != null) {
            kept.release();
        }
        int done = notTakenOn;
        notTakenOn = 0;
        session.takenOn(done);
    }
}
