package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames off a connection (RFC 9113, 4 and 6). DATA is handed on as it comes, everything else once it is whole, which is
 * bounded: no frame is larger than the smallest limit that the protocol allows, no head larger than one of HTTP/1.
 */
final class FrameReader {
    private static final int MAX_FRAME_BYTES = FrameType.DEFAULT_FRAME_BYTES;
    private static final int PRIORITY_BYTES = 5;
    private static final int SETTING_BYTES = 6;

    private final FrameListener listener;
    private final Preface preface;
    private final DataFrames dataFrames;
    private final FieldBlockFrames fieldBlocks;
    private boolean settingsSeen;
    private boolean partial;
    private boolean stopped;

    /**
     * @param maxBlockBytes how long a block of header fields may be that comes in several frames
     * @param preface what the peer begins with
     */
    FrameReader(FrameListener listener, ByteBufAllocator allocator, int maxBlockBytes, Preface preface) {
        this.listener = listener;
        this.preface = preface;
        this.dataFrames = new DataFrames(listener);
        this.fieldBlocks = new FieldBlockFrames(listener, allocator, maxBlockBytes);
    }

    /** Whether preface and first SETTINGS have come. */
    boolean started() {
        return settingsSeen;
    }

    /** Whether something has begun to come that should not take long: a frame other than DATA, or a head. */
    boolean isWithin() {
        return !dataFrames.isWithin() && (partial || fieldBlocks.isWithin());
    }

    /** Takes the next frame, or a piece of one; false if it can take no more for now. */
    boolean read(ByteBuf in) {
        if (stopped) {
            in.skipBytes(in.readableBytes());
            return false;
        }
        if (!preface.isComplete()) {
            return preface.read(in)
                    || broken(ConnectionError.protocol("the connection does not begin with the preface of HTTP/2"));
        }
        if (dataFrames.isWithin()) {
            dataFrames.read(in);
            return true;
        }
        return frame(in);
    }

    /** Nothing more is read. */
    void stop() {
        stopped = true;
        dataFrames.stop();
        fieldBlocks.stop();
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
        ConnectionError misplaced = misplaced(length, type, flags, stream);
        if (misplaced != null) {
            return broken(misplaced);
        }
        boolean isData = type == FrameType.DATA;
        int needed = isData ? Math.min(length, DataFrames.prefixBytes(flags)) : length;
        if (in.readableBytes() < FrameType.HEADER_BYTES + needed) {
            return false;
        }
        partial = false;
        in.skipBytes(FrameType.HEADER_BYTES);
        ConnectionError error =
                isData ? data(in, length, flags, stream) : whole(in.readSlice(length), type, flags, stream);
        return error == null || broken(error);
    }

    private @Nullable ConnectionError data(ByteBuf in, int length, int flags, int stream) {
        ConnectionError error = dataFrames.begin(in, length, flags, stream);
        if (error == null && !stopped) {
            // At once: an empty frame has no bytes that would be waited for.
            dataFrames.read(in);
        }
        return error;
    }

    private @Nullable ConnectionError misplaced(int length, int type, int flags, int stream) {
        if (length > MAX_FRAME_BYTES) {
            return ConnectionError.frameSize("a frame is larger than " + MAX_FRAME_BYTES + " bytes");
        }
        if (!settingsSeen && (type != FrameType.SETTINGS || (flags & FrameType.ACK) != 0)) {
            return ConnectionError.protocol("the first frame is not SETTINGS (RFC 9113, 3.4)");
        }
        return fieldBlocks.allows(type, stream)
                ? null
                : ConnectionError.protocol("a head is interrupted by another frame");
    }

    private @Nullable ConnectionError whole(ByteBuf in, int type, int flags, int stream) {
        return switch (type) {
            case FrameType.HEADERS -> fieldBlocks.headers(in, flags, stream);
            case FrameType.PRIORITY -> priority(in, stream);
            case FrameType.RST_STREAM -> reset(in, stream);
            case FrameType.SETTINGS -> settings(in, flags, stream);
            case FrameType.PUSH_PROMISE -> ConnectionError.protocol("PUSH_PROMISE where it may not come");
            case FrameType.PING -> ping(in, flags, stream);
            case FrameType.GOAWAY -> goAway(in, stream);
            case FrameType.WINDOW_UPDATE -> windowUpdate(in, stream);
            case FrameType.CONTINUATION -> fieldBlocks.continuation(in, flags);
            default -> {
                listener.unknown();
                yield null;
            }
        };
    }

    private @Nullable ConnectionError priority(ByteBuf in, int stream) {
        if (stream == 0) {
            return ConnectionError.protocol("PRIORITY without a stream");
        }
        if (in.readableBytes() != PRIORITY_BYTES) {
            listener.streamError(stream, Http2Error.FRAME_SIZE_ERROR, "PRIORITY is not 5 bytes long");
        } else if ((in.readInt() & Integer.MAX_VALUE) == stream) {
            listener.streamError(stream, Http2Error.PROTOCOL_ERROR, "a stream depends on itself");
        } else {
            listener.priority(stream);
        }
        return null;
    }

    private @Nullable ConnectionError reset(ByteBuf in, int stream) {
        if (in.readableBytes() != Integer.BYTES) {
            return ConnectionError.frameSize("RST_STREAM is not 4 bytes long");
        }
        if (stream == 0) {
            return ConnectionError.protocol("RST_STREAM without a stream");
        }
        listener.reset(stream, in.readUnsignedInt());
        return null;
    }

    private @Nullable ConnectionError settings(ByteBuf in, int flags, int stream) {
        boolean acknowledges = (flags & FrameType.ACK) != 0;
        if (stream != 0) {
            return ConnectionError.protocol("SETTINGS of a stream");
        }
        if (acknowledges ? in.isReadable() : in.readableBytes() % SETTING_BYTES != 0) {
            return ConnectionError.frameSize("SETTINGS of a length that cannot be");
        }
        if (acknowledges) {
            listener.settingsAcknowledged();
            return null;
        }
        settingsSeen = true;
        while (in.isReadable() && !stopped) {
            listener.setting(in.readUnsignedShort(), in.readUnsignedInt());
        }
        if (!stopped) {
            listener.settingsEnd();
        }
        return null;
    }

    private @Nullable ConnectionError ping(ByteBuf in, int flags, int stream) {
        if (stream != 0) {
            return ConnectionError.protocol("PING of a stream");
        }
        if (in.readableBytes() != Long.BYTES) {
            return ConnectionError.frameSize("PING is not 8 bytes long");
        }
        if ((flags & FrameType.ACK) != 0) {
            listener.pingAcknowledged(in.readLong());
        } else {
            listener.ping(in.readLong());
        }
        return null;
    }

    private @Nullable ConnectionError goAway(ByteBuf in, int stream) {
        if (stream != 0) {
            return ConnectionError.protocol("GOAWAY of a stream");
        }
        if (in.readableBytes() < 2 * Integer.BYTES) {
            return ConnectionError.frameSize("GOAWAY is shorter than 8 bytes");
        }
        listener.goAway(in.readInt() & Integer.MAX_VALUE, in.readUnsignedInt());
        return null;
    }

    private @Nullable ConnectionError windowUpdate(ByteBuf in, int stream) {
        if (in.readableBytes() != Integer.BYTES) {
            return ConnectionError.frameSize("WINDOW_UPDATE is not 4 bytes long");
        }
        int increment = in.readInt() & Integer.MAX_VALUE;
        if (increment > 0) {
            listener.windowUpdate(stream, increment);
        } else if (stream == 0) {
            return ConnectionError.protocol("WINDOW_UPDATE by nothing");
        } else {
            listener.streamError(stream, Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by nothing");
        }
        return null;
    }

    private boolean broken(ConnectionError error) {
        stop();
        listener.connectionError(error);
        return true;
    }
}
