package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;

/** A stream as its connection sees it, at either end (RFC 9113, 5). */
interface Stream {
    int id();

    /** What the peer sends. */
    InQueue in();

    /** What is sent to the peer. */
    OutQueue out();

    /** Whether a head must come before content may. */
    boolean awaitsHead();

    /** A piece of content; takes ownership. False if there is more of it than was announced. */
    boolean content(ByteBuf piece);

    /** All that has come for now was given: a good moment to flush. */
    void paused();

    /** There may be room again for who waits to send. */
    void tellIfWritable();
}
