package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.wire.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames off a connection (RFC 9113, 4 and 6). DATA is handed on as it comes, everything else once it is whole, which is
 * bounded: no frame is larger than the smallest limit that the protocol allows, no head larger than one of HTTP/1.
 */
final class FrameReader {
    private static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final int MAX_FRAME_BYTES = FrameType.DEFAULT_FRAME_BYTES;

    /** Frames that one block of header fields may come in; as many as needed at the least sensible size. */
    private static final int MAX_CONTINUATIONS = 64;

    private static final int PRIORITY_BYTES = 5;
    private static final int SETTING_BYTES = 6;

    private final FrameListener listener;
    private final ByteBufAllocator allocator;
    private final int maxBlockBytes;
    private int prefaceLeft;
    private boolean settingsSeen;
    private boolean stopped;
    private boolean partial;

    // A DATA frame whose content has not come as a whole.
    private boolean inData;
    private int dataStream;
    private int dataLeft;
    private int paddingLeft;
    private boolean dataEndsStream;

    // A block of header fields that goes on in CONTINUATION frames.
    private @Nullable ByteBuf block;
    private int blockStream;
    private boolean blockEndsStream;
    private boolean blockDependsOnItself;
    private int continuations;

    /**
     * @param maxBlockBytes how long a block of header fields may be that comes in several frames
     * @param fromClient whether the peer begins with the client's preface
     */
    FrameReader(FrameListener listener, ByteBufAllocator allocator, int maxBlockBytes, boolean fromClient) {
        this.maxBlockBytes = maxBlockBytes;
        this.listener = listener;
        this.allocator = allocator;
        this.prefaceLeft = fromClient ? PREFACE.length : 0;
    }

    /** The length of a client's preface that {@code in} begins with as far as it goes; -1 if it begins otherwise. */
    static int prefaceMatch(ByteBuf in) {
        int n = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                return -1;
            }
        }
        return n;
    }

    /** What a client begins with. Not to be changed. */
    static byte[] preface() {
        return PREFACE;
    }

    static int prefaceLength() {
        return PREFACE.length;
    }

    /** Whether preface and first SETTINGS have come. */
    boolean started() {
        return settingsSeen;
    }

    /** Whether something has begun to come that should not take long: a frame other than DATA, or a head. */
    boolean isWithin() {
        return !inData && (partial || block != null);
    }

    /** Takes the next frame, or a piece of one; false if it can take no more for now. */
    boolean read(ByteBuf in) {
        if (stopped) {
            in.skipBytes(in.readableBytes());
            return false;
        }
        if (prefaceLeft > 0) {
            return preface(in);
        }
        return inData ? data(in) : frame(in);
    }

    /** Nothing more is read. */
    void stop() {
        stopped = true;
        ByteBuf open = block;
        block = null;
        if (open != null) {
            open.release();
        }
    }

    private boolean preface(ByteBuf in) {
        while (prefaceLeft > 0 && in.isReadable()) {
            if (in.readByte() != PREFACE[PREFACE.length - prefaceLeft]) {
                return broken(Http2Error.PROTOCOL_ERROR, "the connection does not begin with the preface of HTTP/2");
            }
            prefaceLeft--;
        }
        return true;
    }

    private boolean frame(ByteBuf in) {
        partial = true;
        if (in.readableBytes() < FrameType.HEADER_BYTES) {
            return false;
        }
        int at = in.readerIndex();
        int length = in.getUnsignedMedium(at);
        int type = in.getUnsignedByte(at + 3);
        int flags = in.getUnsignedByte(at + 4);
        int stream = in.getInt(at + 5) & Integer.MAX_VALUE;
        if (length > MAX_FRAME_BYTES) {
            return broken(Http2Error.FRAME_SIZE_ERROR, "a frame is larger than " + MAX_FRAME_BYTES + " bytes");
        }
        if (!settingsSeen && (type != FrameType.SETTINGS || (flags & FrameType.ACK) != 0)) {
            return broken(Http2Error.PROTOCOL_ERROR, "the first frame is not SETTINGS (RFC 9113, 3.4)");
        }
        if (block != null && (type != FrameType.CONTINUATION || stream != blockStream)) {
            return broken(Http2Error.PROTOCOL_ERROR, "a head is interrupted by another frame");
        }
        if (type == FrameType.DATA) {
            return dataFrame(in, length, flags, stream);
        }
        if (in.readableBytes() < FrameType.HEADER_BYTES + length) {
            return false;
        }
        partial = false;
        in.skipBytes(FrameType.HEADER_BYTES);
        int end = in.readerIndex() + length;
        whole(in, type, length, flags, stream);
        if (stopped) {
            return true;
        }
        in.readerIndex(end);
        return true;
    }

    private void whole(ByteBuf in, int type, int length, int flags, int stream) {
        switch (type) {
            case FrameType.HEADERS -> headers(in, length, flags, stream);
            case FrameType.PRIORITY -> priority(in, length, stream);
            case FrameType.RST_STREAM -> reset(in, length, stream);
            case FrameType.SETTINGS -> settings(in, length, flags, stream);
            case FrameType.PUSH_PROMISE -> broken(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE where it may not come");
            case FrameType.PING -> ping(in, length, flags, stream);
            case FrameType.GOAWAY -> goAway(in, length, stream);
            case FrameType.WINDOW_UPDATE -> windowUpdate(in, length, stream);
            case FrameType.CONTINUATION -> continuation(in, length, flags);
            default -> listener.unknown();
        }
    }

    // DATA.

    private boolean dataFrame(ByteBuf in, int length, int flags, int stream) {
        boolean padded = (flags & FrameType.PADDED) != 0;
        int prefix = FrameType.HEADER_BYTES + (padded ? 1 : 0);
        if (stream == 0) {
            return broken(Http2Error.PROTOCOL_ERROR, "DATA without a stream");
        }
        if (padded && length == 0) {
            return broken(Http2Error.FRAME_SIZE_ERROR, "a padded frame without the length of its padding");
        }
        if (in.readableBytes() < prefix) {
            return false;
        }
        partial = false;
        in.skipBytes(FrameType.HEADER_BYTES);
        int padding = padded ? in.readUnsignedByte() : 0;
        int content = length - (padded ? 1 : 0) - padding;
        if (content < 0) {
            return broken(Http2Error.PROTOCOL_ERROR, "a frame's padding is longer than the frame");
        }
        inData = true;
        dataStream = stream;
        dataLeft = content;
        paddingLeft = padding;
        dataEndsStream = (flags & FrameType.END_STREAM) != 0;
        listener.dataBegins(stream, length, content);
        return stopped || data(in);
    }

    private boolean data(ByteBuf in) {
        int n = Math.min(dataLeft, in.readableBytes());
        if (n > 0) {
            dataLeft -= n;
            listener.data(dataStream, in.readRetainedSlice(n));
        }
        int skipped = dataLeft > 0 ? 0 : Math.min(paddingLeft, in.readableBytes());
        in.skipBytes(skipped);
        paddingLeft -= skipped;
        if (dataLeft == 0 && paddingLeft == 0 && !stopped) {
            inData = false;
            listener.dataEnds(dataStream, dataEndsStream);
        }
        return true;
    }

    // Heads.

    private void headers(ByteBuf in, int length, int flags, int stream) {
        int left = length;
        int padding = 0;
        if (stream == 0) {
            broken(Http2Error.PROTOCOL_ERROR, "HEADERS without a stream");
            return;
        }
        if ((flags & FrameType.PADDED) != 0) {
            if (left < 1) {
                broken(Http2Error.FRAME_SIZE_ERROR, "a padded frame without the length of its padding");
                return;
            }
            padding = in.readUnsignedByte();
            left--;
        }
        boolean dependsOnItself = false;
        if ((flags & FrameType.HAS_PRIORITY) != 0) {
            if (left < PRIORITY_BYTES) {
                broken(Http2Error.FRAME_SIZE_ERROR, "HEADERS are too short for the priority they announce");
                return;
            }
            dependsOnItself = (in.readInt() & Integer.MAX_VALUE) == stream;
            in.skipBytes(1);
            left -= PRIORITY_BYTES;
        }
        if (padding > left) {
            broken(Http2Error.PROTOCOL_ERROR, "a frame's padding is longer than the frame");
            return;
        }
        boolean endStream = (flags & FrameType.END_STREAM) != 0;
        int fragment = left - padding;
        if ((flags & FrameType.END_HEADERS) != 0) {
            listener.headers(stream, in.slice(in.readerIndex(), fragment), endStream, dependsOnItself);
            return;
        }
        blockStream = stream;
        blockEndsStream = endStream;
        blockDependsOnItself = dependsOnItself;
        continuations = 0;
        block = allocator.buffer(2 * fragment).writeBytes(in, fragment);
    }

    private void continuation(ByteBuf in, int length, int flags) {
        ByteBuf open = block;
        if (open == null) {
            broken(Http2Error.PROTOCOL_ERROR, "CONTINUATION without a head that it continues");
            return;
        }
        if (++continuations > MAX_CONTINUATIONS || open.readableBytes() + length > maxBlockBytes) {
            stop();
            listener.misused(Misuse.CONTINUATION_FLOOD);
            return;
        }
        open.writeBytes(in, length);
        if ((flags & FrameType.END_HEADERS) != 0) {
            block = null;
            try {
                listener.headers(blockStream, open, blockEndsStream, blockDependsOnItself);
            } finally {
                open.release();
            }
        }
    }

    // The others.

    private void priority(ByteBuf in, int length, int stream) {
        if (stream == 0) {
            broken(Http2Error.PROTOCOL_ERROR, "PRIORITY without a stream");
        } else if (length != PRIORITY_BYTES) {
            listener.streamError(stream, Http2Error.FRAME_SIZE_ERROR, "PRIORITY is not 5 bytes long");
        } else if ((in.readInt() & Integer.MAX_VALUE) == stream) {
            listener.streamError(stream, Http2Error.PROTOCOL_ERROR, "a stream depends on itself");
        } else {
            listener.priority(stream);
        }
    }

    private void reset(ByteBuf in, int length, int stream) {
        if (length != Integer.BYTES) {
            broken(Http2Error.FRAME_SIZE_ERROR, "RST_STREAM is not 4 bytes long");
        } else if (stream == 0) {
            broken(Http2Error.PROTOCOL_ERROR, "RST_STREAM without a stream");
        } else {
            listener.reset(stream, in.readUnsignedInt());
        }
    }

    private void settings(ByteBuf in, int length, int flags, int stream) {
        boolean acknowledges = (flags & FrameType.ACK) != 0;
        if (stream != 0) {
            broken(Http2Error.PROTOCOL_ERROR, "SETTINGS of a stream");
        } else if (acknowledges ? length != 0 : length % SETTING_BYTES != 0) {
            broken(Http2Error.FRAME_SIZE_ERROR, "SETTINGS of a length that cannot be");
        } else if (acknowledges) {
            listener.settingsAcknowledged();
        } else {
            settingsSeen = true;
            for (int i = 0; i < length && !stopped; i += SETTING_BYTES) {
                listener.setting(in.readUnsignedShort(), in.readUnsignedInt());
            }
            if (!stopped) {
                listener.settingsEnd();
            }
        }
    }

    private void ping(ByteBuf in, int length, int flags, int stream) {
        if (stream != 0) {
            broken(Http2Error.PROTOCOL_ERROR, "PING of a stream");
        } else if (length != Long.BYTES) {
            broken(Http2Error.FRAME_SIZE_ERROR, "PING is not 8 bytes long");
        } else if ((flags & FrameType.ACK) != 0) {
            listener.pingAcknowledged(in.readLong());
        } else {
            listener.ping(in.readLong());
        }
    }

    private void goAway(ByteBuf in, int length, int stream) {
        if (stream != 0) {
            broken(Http2Error.PROTOCOL_ERROR, "GOAWAY of a stream");
        } else if (length < 2 * Integer.BYTES) {
            broken(Http2Error.FRAME_SIZE_ERROR, "GOAWAY is shorter than 8 bytes");
        } else {
            listener.goAway(in.readInt() & Integer.MAX_VALUE, in.readUnsignedInt());
        }
    }

    private void windowUpdate(ByteBuf in, int length, int stream) {
        if (length != Integer.BYTES) {
            broken(Http2Error.FRAME_SIZE_ERROR, "WINDOW_UPDATE is not 4 bytes long");
            return;
        }
        int increment = in.readInt() & Integer.MAX_VALUE;
        if (increment > 0) {
            listener.windowUpdate(stream, increment);
        } else if (stream == 0) {
            broken(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by nothing");
        } else {
            listener.streamError(stream, Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by nothing");
        }
    }

    private boolean broken(Http2Error error, String detail) {
        stop();
        listener.connectionError(error, detail);
        return true;
    }
}
