package dev.banyan.dataplane.wire.http2;

import java.util.Arrays;

/**
 * Which of the last streams ended how: it decides what a late frame is, a race or a mistake (RFC 9113, 5.1). Those that were reset are
 * remembered apart, or the many that end in peace would make it forget them while their content is still on its way.
 */
final class ClosedStreams {
    private static final int LEAST_REMEMBERED = 256;

    private final Ring ended;
    private final Ring resetByPeer;
    private final Ring resetByUs;

    enum How {
        /** Both sides said all they had to say. */
        ENDED,
        RESET_BY_PEER,
        /** What the peer sent before it knew may still come. */
        RESET_BY_US,
        /** So long ago, or never: skipped by the peer. */
        UNKNOWN
    }

    /** @param atOnce streams that may be open */
    ClosedStreams(int atOnce) {
        int remembered = Math.max(LEAST_REMEMBERED, 2 * atOnce);
        ended = new Ring(remembered);
        resetByPeer = new Ring(remembered);
        resetByUs = new Ring(remembered);
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
        private final int remembered;
        private int[] ids = {};
        private int next;

        Ring(int remembered) {
            this.remembered = remembered;
        }

        void add(int stream) {
            if (next == ids.length && next < remembered) {
                ids = Arrays.copyOf(ids, Math.min(remembered, Math.max(16, 2 * next)));
            }
            next %= remembered;
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
