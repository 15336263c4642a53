package dev.banyan.dataplane.wire.http2;

import java.util.Arrays;

/**
 * Which of the last streams ended how: it decides what a late frame is, a race or a mistake (RFC 9113, 5.1). Those that were reset are
 * remembered apart, or the many that end in peace would make it forget them while their content is still on its way.
 */
final class ClosedStreams {
    private static final int REMEMBERED = 256;

    private final Ring ended = new Ring();
    private final Ring resetByPeer = new Ring();
    private final Ring resetByUs = new Ring();

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
        switch (how) {
            case ENDED -> ended.add(stream);
            case RESET_BY_PEER -> resetByPeer.add(stream);
            case RESET_BY_US -> resetByUs.add(stream);
            case UNKNOWN -> {}
        }
    }

    How how(int stream) {
        if (resetByUs.has(stream)) {
            return How.RESET_BY_US;
        }
        if (resetByPeer.has(stream)) {
            return How.RESET_BY_PEER;
        }
        return ended.has(stream) ? How.ENDED : How.UNKNOWN;
    }

    /** The last so many. */
    private static final class Ring {
        private int[] ids = {};
        private int next;

        void add(int stream) {
            if (next == ids.length && next < REMEMBERED) {
                ids = Arrays.copyOf(ids, Math.max(16, 2 * next));
            }
            next %= REMEMBERED;
            ids[next] = stream;
            next++;
        }

        boolean has(int stream) {
            for (int id : ids) {
                if (id == stream) {
                    return true;
                }
            }
            return false;
        }
    }
}
