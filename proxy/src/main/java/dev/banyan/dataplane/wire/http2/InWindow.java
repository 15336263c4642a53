package dev.banyan.dataplane.wire.http2;

/**
 * How much a peer may still send, of one stream or of a connection (RFC 9113, 5.2). It is given back when it was taken on, not when
 * it was read, so that a slow upstream slows the client down; and in large portions, not for every frame.
 */
final class InWindow {
    private final int size;
    private int left;
    private int takenOn;

    InWindow(int size) {
        this.size = size;
        this.left = size;
    }

    int size() {
        return size;
    }

    /** So many bytes came; false if the peer had no right to send them. */
    boolean came(int bytes) {
        left -= bytes;
        return left >= 0;
    }

    /** So many were taken on; how much to give back to the peer now, 0 if it can wait. */
    int takenOn(int bytes) {
        takenOn += bytes;
        if (takenOn < size / 2) {
            return 0;
        }
        int back = takenOn;
        takenOn = 0;
        left += back;
        return back;
    }

    /** Whether the peer may send anything. */
    boolean isOpen() {
        return left > 0;
    }
}
