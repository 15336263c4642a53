package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadBytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What one stream still has to send, and how much of it the peer takes now. */
final class OutQueue {
    /** More waits at its source; less of each stream would leave the connection idle between two round trips. */
    private static final int MAX_QUEUED_BYTES = 64 * 1024;

    private final Outflow outflow;
    private final Runnable whenAllHasLeft;
    private final Queue<ByteBuf> pieces = new ArrayDeque<>(4);
    private int stream;
    private int bytes;
    private int window;
    private boolean sourceWaits;
    private boolean ended;
    private byte @Nullable [] trailers;
    private boolean closed;
    private boolean ready;
    private long movedNanos;

    OutQueue(Outflow outflow, Runnable whenAllHasLeft) {
        this.outflow = outflow;
        this.whenAllHasLeft = whenAllHasLeft;
    }

    /** The stream has its number. */
    void open(int stream) {
        this.stream = stream;
        window = outflow.initialWindow();
    }

    /** Takes ownership of {@code data}. */
    void add(ByteBuf data) {
        int n = data.readableBytes();
        if (closed || ended || n == 0) {
            data.release();
            return;
        }
        if (bytes == 0) {
            movedNanos = outflow.nowNanos();
        }
        pieces.add(data);
        bytes += n;
        outflow.queued(n);
        outflow.offer(this);
    }

    /** @param trailers need not stay as they are */
    void end(@Nullable Head trailers) {
        if (closed || ended) {
            return;
        }
        ended = true;
        this.trailers = trailers == null ? null : outflow.block(trailers);
        outflow.offer(this);
    }

    /** Nothing follows the head, which has said so. */
    void endedWithHead() {
        ended = true;
        closed = true;
    }

    boolean hasAllLeft() {
        return ended && closed;
    }

    /** Drops what is left. */
    void drop() {
        closed = true;
        stopWaiting();
        outflow.queued(-bytes);
        bytes = 0;
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }

    /** Whether its source may go on. If not, {@link #sourceMayGoOn} says when it may again. */
    boolean isWritable() {
        if (!sourceWaits && !closed && (bytes > limit() || outflow.isFull())) {
            sourceWaits = true;
            outflow.waiting(1);
        }
        return !sourceWaits;
    }

    /** Whether its source waits and need not any longer: not at the first byte of room, or it would stop and go for every frame. */
    boolean sourceMayGoOn() {
        return bytes <= limit() / 2 && !outflow.isFull() && stopWaiting();
    }

    /** How much may wait here: while the peer takes nothing, only what was read before that was seen. */
    private int limit() {
        return Math.min(MAX_QUEUED_BYTES, Math.max(window, 0));
    }

    private boolean stopWaiting() {
        boolean waited = sourceWaits;
        sourceWaits = false;
        outflow.waiting(waited ? -1 : 0);
        return waited;
    }

    boolean sourceWaits() {
        return sourceWaits;
    }

    /** Whether something has waited for the peer all this time. */
    boolean isStalled(long nowNanos, long idleNanos) {
        return bytes > 0 && nowNanos - movedNanos > idleNanos;
    }

    /** The peer takes more, or, when it changes its mind about all streams, less; false if that is more than can be. */
    boolean widen(long more) {
        long next = window + more;
        if (next > Integer.MAX_VALUE) {
            return false;
        }
        window = (int) next;
        outflow.offer(this);
        return true;
    }

    // For the outflow.

    boolean isReady() {
        return ready;
    }

    void ready(boolean ready) {
        this.ready = ready;
    }

    boolean canSend(int connectionWindow) {
        return !closed && (bytes == 0 ? ended : window > 0 && connectionWindow > 0);
    }

    /** Sends one frame; how much of the connection's window it took. */
    int send(FrameWriter writer, int limit) {
        int n = Math.min(bytes, Math.min(Math.max(window, 0), limit));
        boolean last = ended && n == bytes;
        movedNanos = outflow.nowNanos();
        if (n > 0 || (last && trailers == null)) {
            writer.dataHead(stream, n, last && trailers == null);
            content(writer, n);
        }
        if (last) {
            if (trailers != null) {
                writer.headers(stream, HeadBytes.begin().add(trailers), true);
            }
            closed = true;
            whenAllHasLeft.run();
        }
        return n;
    }

    private void content(FrameWriter writer, int n) {
        bytes -= n;
        window -= n;
        outflow.queued(-n);
        int left = n;
        while (left > 0) {
            ByteBuf first = pieces.element();
            if (first.readableBytes() <= left) {
                left -= first.readableBytes();
                writer.dataContent(pieces.remove());
            } else {
                writer.dataContent(first.readRetainedSlice(left));
                left = 0;
            }
        }
    }
}
