package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/** Who is told of frames, one after another, that are well-formed by themselves; whether they fit their stream it must know. */
interface FrameListener {

    /**
     * A DATA frame begins; its content comes in pieces.
     *
     * @param flowBytes what counts for flow control: content and padding
     * @param contentBytes without the padding
     */
    void dataBegins(int stream, int flowBytes, int contentBytes);

    /** Takes ownership of {@code piece}. */
    void data(int stream, ByteBuf piece);

    void dataEnds(int stream, boolean endStream);

    /**
     * A whole block of header fields.
     *
     * @param block valid during the call
     * @param dependsOnItself which is a mistake of the stream, but its fields must be read first
     */
    void headers(int stream, ByteBuf block, boolean endStream, boolean dependsOnItself);

    void priority(int stream);

    void reset(int stream, long errorCode);

    /** One parameter of SETTINGS; the frame's end is told by {@link #settingsEnd}. */
    void setting(int id, long value);

    void settingsEnd();

    void settingsAcknowledged();

    void ping(long content);

    void pingAcknowledged(long content);

    void goAway(int lastStream, long errorCode);

    void windowUpdate(int stream, int increment);

    /** A frame of a kind that nobody knows, to be ignored (RFC 9113, 5.5). */
    void unknown();

    void streamError(int stream, Http2Error error, String detail);

    /** Nothing more is read after this. */
    void connectionError(ConnectionError error);

    /** Nothing more is read after this. */
    void misused(Misuse kind);
}
