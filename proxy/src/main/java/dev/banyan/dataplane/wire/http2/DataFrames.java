package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hands the content of DATA on as it comes (RFC 9113, 6.1): nothing of a frame is kept until the rest is there. */
final class DataFrames {
    private final FrameListener listener;
    private boolean within;
    private boolean stopped;
    private int stream;
    private int contentLeft;
    private int paddingLeft;
    private boolean endsStream;

    DataFrames(FrameListener listener) {
        this.listener = listener;
    }

    /** Whether a frame has begun and not ended. */
    boolean isWithin() {
        return within;
    }

    /** The bytes that must be there before {@link #begin}. */
    static int prefixBytes(int flags) {
        return (flags & FrameType.PADDED) != 0 ? 1 : 0;
    }

    /** @param in behind the frame's header */
    @Nullable
    ConnectionError begin(ByteBuf in, int length, int flags, int stream) {
        int prefix = prefixBytes(flags);
        if (stream == 0) {
            return ConnectionError.protocol("DATA without a stream");
        }
        if (length < prefix) {
            return ConnectionError.frameSize("a padded frame without the length of its padding");
        }
        int padding = prefix == 0 ? 0 : in.readUnsignedByte();
        int content = length - prefix - padding;
        if (content < 0) {
            return ConnectionError.protocol("a frame's padding is longer than the frame");
        }
        this.stream = stream;
        contentLeft = content;
        paddingLeft = padding;
        endsStream = (flags & FrameType.END_STREAM) != 0;
        within = true;
        listener.dataBegins(stream, length, content);
        return null;
    }

    /** Takes as much of the frame as has come. */
    void read(ByteBuf in) {
        int n = Math.min(contentLeft, in.readableBytes());
        if (n > 0) {
            contentLeft -= n;
            listener.data(stream, in.readRetainedSlice(n));
        }
        int skipped = contentLeft > 0 ? 0 : Math.min(paddingLeft, in.readableBytes());
        in.skipBytes(skipped);
        paddingLeft -= skipped;
        if (contentLeft == 0 && paddingLeft == 0 && !stopped) {
            within = false;
            listener.dataEnds(stream, endsStream);
        }
    }

    void stop() {
        stopped = true;
    }
}
