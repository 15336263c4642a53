package dev.banyan.dataplane.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** What was read off a connection and not taken yet. */
public final class Inbound {
    private static final int LEAST_COPY_BYTES = 256;

    private @Nullable ByteBuf unread;
    private boolean taking;

    /** Takes the next part of the bytes; false if it can take no more for now. */
    public interface Taker {
        boolean take(ByteBuf in);
    }

    /** Appends what was read. Takes ownership of {@code in}. */
    public void add(ByteBuf in) {
        if (unread == null) {
            unread = in;
        } else {
            unread.writeBytes(in);
            in.release();
        }
    }

    /**
     * Lets {@code taker} take until it cannot. False if this is called from within such a take, which goes on by itself.
     *
     * @param allocator for the copy of what is left
     */
    public boolean offer(Taker taker, ByteBufAllocator allocator) {
        if (taking) {
            return false;
        }
        taking = true;
        try {
            while (unread != null && unread.isReadable() && taker.take(unread)) {
                // Each takes what it can.
            }
        } finally {
            taking = false;
            settle(allocator);
        }
        return true;
    }

    private void settle(ByteBufAllocator allocator) {
        ByteBuf rest = unread;
        if (rest == null) {
            return;
        }
        if (!rest.isReadable()) {
            release();
        } else if (rest.readerIndex() > 0) {
            // A copy: the buffer it came in is large, and shared with slices that are still on their way.
            unread = allocator
                    .buffer(Math.max(rest.readableBytes(), LEAST_COPY_BYTES))
                    .writeBytes(rest);
            rest.release();
        }
    }

    public boolean isTaking() {
        return taking;
    }

    public int size() {
        return unread == null ? 0 : unread.readableBytes();
    }

    /** Drops what is left. Not from within a take. */
    public void release() {
        ByteBuf rest = unread;
        unread = null;
        if (rest != null) {
            rest.release();
        }
    }
}
