package dev.banyan.dataplane.message;

/** How the end of a message's body is known (RFC 9112, 6.3). */
public enum Framing {
    NONE,
    /** By {@link Head#contentLength()} bytes. */
    LENGTH,
    CHUNKED,
    /** By the end of the connection; answers only. */
    UNTIL_CLOSE
}
