package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Puts the block of header fields together that came in HEADERS and CONTINUATION (RFC 9113, 6.2 and 6.10), within bounds. */
final class FieldBlockFrames {
    /** Frames that one block may come in; as many as needed at the least sensible size. */
    private static final int MAX_CONTINUATIONS = 64;

    private static final int PRIORITY_BYTES = 5;

    private final FrameListener listener;
    private final ByteBufAllocator allocator;
    private final int maxBlockBytes;
    private @Nullable ByteBuf block;
    private int stream;
    private boolean endsStream;
    private boolean dependsOnItself;
    private int continuations;

    FieldBlockFrames(FrameListener listener, ByteBufAllocator allocator, int maxBlockBytes) {
        this.listener = listener;
        this.allocator = allocator;
        this.maxBlockBytes = maxBlockBytes;
    }

    /** Whether a block has begun and not ended: nothing but its CONTINUATION may come. */
    boolean isWithin() {
        return block != null;
    }

    /** Whether a frame may come now. */
    boolean allows(int type, int stream) {
        return block == null || (type == FrameType.CONTINUATION && stream == this.stream);
    }

    /** @param in the frame without its header */
    @Nullable
    ConnectionError headers(ByteBuf in, int flags, int stream) {
        int padding = 0;
        if (stream == 0) {
            return ConnectionError.protocol("HEADERS without a stream");
        }
        if ((flags & FrameType.PADDED) != 0) {
            if (!in.isReadable()) {
                return ConnectionError.frameSize("a padded frame without the length of its padding");
            }
            padding = in.readUnsignedByte();
        }
        dependsOnItself = false;
        if ((flags & FrameType.HAS_PRIORITY) != 0) {
            if (in.readableBytes() < PRIORITY_BYTES) {
                return ConnectionError.frameSize("HEADERS are too short for the priority they announce");
            }
            dependsOnItself = (in.readInt() & Integer.MAX_VALUE) == stream;
            in.skipBytes(1);
        }
        if (padding > in.readableBytes()) {
            return ConnectionError.protocol("a frame's padding is longer than the frame");
        }
        endsStream = (flags & FrameType.END_STREAM) != 0;
        int fragment = in.readableBytes() - padding;
        if ((flags & FrameType.END_HEADERS) != 0) {
            listener.headers(stream, in.writerIndex(in.readerIndex() + fragment), endsStream, dependsOnItself);
        } else {
            this.stream = stream;
            continuations = 0;
            block = allocator.buffer(2 * fragment).writeBytes(in, fragment);
        }
        return null;
    }

    /** @param in the frame without its header */
    @Nullable
    ConnectionError continuation(ByteBuf in, int flags) {
        ByteBuf open = block;
        if (open == null) {
            return ConnectionError.protocol("CONTINUATION without a head that it continues");
        }
        if (++continuations > MAX_CONTINUATIONS || open.readableBytes() + in.readableBytes() > maxBlockBytes) {
            listener.misused(Misuse.CONTINUATION_FLOOD);
            return null;
        }
        open.writeBytes(in);
        if ((flags & FrameType.END_HEADERS) != 0) {
            block = null;
            try {
                listener.headers(stream, open, endsStream, dependsOnItself);
            } finally {
                open.release();
            }
        }
        return null;
    }

    void stop() {
        ByteBuf open = block;
        block = null;
        if (open != null) {
            open.release();
        }
    }
}
