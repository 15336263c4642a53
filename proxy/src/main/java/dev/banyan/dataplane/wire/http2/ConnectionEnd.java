package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/** What the two ends of a connection do differently: a server is sent requests, a client answers. */
interface ConnectionEnd<S extends Stream> {

    /** Whether a stream of that number was never opened, so that the peer cannot mean it (RFC 9113, 5.1). */
    boolean isIdle(int id);

    /** A block of header fields for an open stream, which the peer had not ended. Valid during the call. */
    void headers(S stream, ByteBuf block, boolean endStream);

    /** A block of header fields for a stream that is idle or closed. Valid during the call. */
    void headersElsewhere(int id, ByteBuf block, boolean endStream, boolean dependsOnItself);

    /** Content for a stream that is closed; the connection's window is open for as much again. */
    void dataOfClosed(int id);

    /** The peer has reset a stream, which is open until this has closed it. */
    void reset(S stream, long errorCode);

    /** The peer's settings have been taken on. */
    void settings();

    void pingAcknowledged(long content);

    /** The peer takes no stream beyond {@code lastStream}. */
    void goAway(int lastStream);

    /** The peer made one of its streams impossible. */
    void streamError(int id, Http2Error error, String detail);

    /** The peer made the connection impossible. */
    void connectionError(ConnectionError error);

    /** The peer did something that costs it nothing. */
    void spend(Misuse kind);

    /** The peer did more of that than is borne. */
    void misused(Misuse kind);
}
