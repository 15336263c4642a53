package dev.banyan.dataplane.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Parts of a body that wait. Small ones are copied together: sixty thousand of a byte each would be sixty thousand objects. */
public final class Pieces {
    private static final int SMALL_BYTES = 1024;
    private static final int GATHERED_BYTES = 4 * SMALL_BYTES;

    /** Made for the first piece: most requests have no body. */
    private @Nullable Queue<ByteBuf> pieces;

    private @Nullable ByteBuf gathering;
    private long bytes;

    public long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return pieces == null || pieces.isEmpty();
    }

    /** Takes ownership of {@code piece}. */
    public void add(ByteBuf piece) {
        if (piece.readableBytes() <= SMALL_BYTES) {
            gather(piece);
            piece.release();
        } else {
            append(piece);
        }
    }

    /** Leaves {@code piece} with its owner, as it is. */
    void addCopy(ByteBuf piece) {
        if (piece.readableBytes() <= SMALL_BYTES) {
            gather(piece.duplicate());
        } else {
            append(piece.retainedDuplicate());
        }
    }

    private void append(ByteBuf piece) {
        gathering = null;
        bytes += piece.readableBytes();
        queue().add(piece);
    }

    private Queue<ByteBuf> queue() {
        if (pieces == null) {
            pieces = new ArrayDeque<>(4);
        }
        return pieces;
    }

    private void gather(ByteBuf piece) {
        int n = piece.readableBytes();
        ByteBuf last = gathering;
        if (last == null || last.writableBytes() < n) {
            last = piece.alloc().buffer(GATHERED_BYTES, GATHERED_BYTES);
            gathering = last;
            queue().add(last);
        }
        bytes += n;
        last.writeBytes(piece);
    }

    /** The next, which the caller then owns; null if there is none. */
    public @Nullable ByteBuf poll() {
        ByteBuf first = pieces == null ? null : pieces.poll();
        if (first == null) {
            return null;
        }
        if (isEmpty()) {
            gathering = null; // it was the last
        }
        bytes -= first.readableBytes();
        return first;
    }

    /** Moves all of {@code others} behind what is here. */
    void takeAll(Pieces others) {
        gathering = null;
        for (ByteBuf piece = others.poll(); piece != null; piece = others.poll()) {
            bytes += piece.readableBytes();
            queue().add(piece);
        }
    }

    /** All of them as one: a view without a reference of its own, valid as long as nothing changes here. */
    ByteBuf view() {
        Queue<ByteBuf> parts = queue();
        if (parts.size() == 1) {
            return parts.element();
        }
        CompositeByteBuf all = Unpooled.compositeBuffer(Math.max(1, parts.size()));
        parts.forEach(piece -> all.addComponent(true, piece.duplicate()));
        return all;
    }

    public void drop() {
        gathering = null;
        bytes = 0;
        if (pieces != null) {
            pieces.forEach(ByteBuf::release);
            pieces.clear();
        }
    }
}
