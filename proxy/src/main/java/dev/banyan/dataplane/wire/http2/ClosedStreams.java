package dev.banyan.dataplane.wire.http2;

/** Which of the last streams ended how: it decides what a late frame is, a race or a mistake (RFC 9113, 5.1). */
final class ClosedStreams {
    private static final int REMEMBERED = 256;

    private final int[] ids = new int[REMEMBERED];
    private final How[] hows = new How[REMEMBERED];
    private int next;

    enum How {
        /** Both sides said all they had to say. */
        ENDED,
        RESET_BY_PEER,
        /** What the peer sent before it knew may still come. */
        RESET_BY_US,
        /** So long ago, or never: skipped by the peer. */
        UNKNOWN
    }

    void add(int stream, How how) {
        ids[next] = stream;
        hows[next] = how;
        next = (next + 1) % REMEMBERED;
    }

    How how(int stream) {
        for (int i = 0; i < REMEMBERED; i++) {
            if (ids[i] == stream) {
                return hows[i];
            }
        }
        return How.UNKNOWN;
    }
}
