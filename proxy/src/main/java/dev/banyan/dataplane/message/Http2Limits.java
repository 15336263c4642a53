package dev.banyan.dataplane.message;

/**
 * What one client's connection of HTTP/2 may have under way.
 *
 * @param streams requests at once
 * @param streamWindowBytes of each request's body, on its way to an upstream that has not taken it
 * @param windowBytes of all bodies together, so that a few whose upstreams are slow do not hold up the others
 */
public record Http2Limits(int streams, int streamWindowBytes, int windowBytes) {
    /** What a client may send before it has read that a window is smaller (RFC 9113, 6.9.2 and 6.9.3). */
    public static final int LEAST_WINDOW_BYTES = 64 * 1024;

    public static final Http2Limits DEFAULT = new Http2Limits(128, LEAST_WINDOW_BYTES, 1024 * 1024);

    public Http2Limits {
        if (streams < 1) {
            throw new IllegalArgumentException("streams: " + streams + " (expected: >= 1)");
        }
        if (streamWindowBytes < LEAST_WINDOW_BYTES) {
            throw new IllegalArgumentException(
                    "streamWindowBytes: " + streamWindowBytes + " (expected: >= " + LEAST_WINDOW_BYTES + ")");
        }
        if (windowBytes < LEAST_WINDOW_BYTES) {
            throw new IllegalArgumentException(
                    "windowBytes: " + windowBytes + " (expected: >= " + LEAST_WINDOW_BYTES + ")");
        }
    }
}
