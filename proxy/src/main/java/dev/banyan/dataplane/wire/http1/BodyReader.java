package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes one message's body off a connection, piece by piece, whatever its framing. One per connection, used again. */
final class BodyReader {
    private Framing framing = Framing.NONE;
    private long remaining;
    private final ChunkedReader chunks = new ChunkedReader();

    void begin(Head head) {
        framing = head.framing();
        remaining = framing == Framing.LENGTH ? head.contentLength() : 0;
        if (framing == Framing.CHUNKED) {
            chunks.begin();
        }
    }

    /** The next piece of data, with a reference of its own; null if more must come, or it is complete, or it is bad. */
    @Nullable
    ByteBuf read(ByteBuf in) {
        return switch (framing) {
            case NONE -> null;
            case LENGTH -> {
                int n = (int) Math.min(in.readableBytes(), remaining);
                remaining -= n;
                yield n == 0 ? null : in.readRetainedSlice(n);
            }
            case CHUNKED -> chunks.read(in);
            case UNTIL_CLOSE -> in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
        };
    }

    boolean complete() {
        return switch (framing) {
            case NONE -> true;
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunks.complete();
            case UNTIL_CLOSE -> false;
        };
    }

    /** Whether the end of the connection is the end of the body. */
    boolean endsWithConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    @Nullable
    MessageError error() {
        return framing == Framing.CHUNKED ? chunks.error() : null;
    }

    /** The fields after a chunked body; null if there are none. Valid until the next {@link #begin}. */
    @Nullable
    Head trailers() {
        return framing == Framing.CHUNKED ? chunks.trailers() : null;
    }
}
