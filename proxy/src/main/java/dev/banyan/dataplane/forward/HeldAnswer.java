package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Pieces;
import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an answer, until all that was read together with its head has been judged: as long as nothing has reached the
 * client, one that turns out bad can still be a 502, or legacy's. Nothing would be flushed before that anyway. Most are held for a
 * moment within one call, so each event loop uses them again.
 */
final class HeldAnswer {
    /** What one read of a fast upstream brings must not pile up behind a slow client; HAProxy holds as much (tune.bufsize). */
    private static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_SPARE = 64;

    private static final FastThreadLocal<Deque<HeldAnswer>> SPARE = new FastThreadLocal<>() {
        @Override
        protected Deque<HeldAnswer> initialValue() {
            return new ArrayDeque<>();
        }
    };

    private @Nullable Head head;
    private @Nullable ByteBuf first;

    /** Made for the second piece: what comes with a head is mostly one. */
    private @Nullable Pieces more;

    private HeldAnswer() {}

    static HeldAnswer of(Head head) {
        HeldAnswer spare = SPARE.get().poll();
        HeldAnswer held = spare == null ? new HeldAnswer() : spare;
        held.head = head;
        return held;
    }

    Head head() {
        return Objects.requireNonNull(head, "held no longer");
    }

    /** Takes ownership of {@code data}. False if that is too much to be held any longer. */
    boolean add(ByteBuf data) {
        ByteBuf before = first;
        if (before == null) {
            first = data;
            return data.readableBytes() <= MAX_BYTES;
        }
        Pieces behind = more;
        if (behind == null) {
            behind = new Pieces();
            more = behind;
        }
        behind.add(data);
        return before.readableBytes() + behind.bytes() <= MAX_BYTES;
    }

    /** The next piece, which the caller then owns; null if there is none. */
    @Nullable
    ByteBuf poll() {
        ByteBuf piece = first;
        first = null;
        return piece == null && more != null ? more.poll() : piece;
    }

    /** Drops what was not taken. Nobody may use it any more: it is the next one's. */
    void end() {
        for (ByteBuf piece = poll(); piece != null; piece = poll()) {
            piece.release();
        }
        head = null;
        Deque<HeldAnswer> spare = SPARE.get();
        if (spare.size() < MAX_SPARE) {
            spare.push(this);
        }
    }
}
