package dev.banyan.dataplane.exchange;

/**
 * How an attempt at an upstream failed.
 *
 * @param detail ends a sentence that begins with the upstream's name: {@code refused the connection}
 */
public record UpstreamFailure(Kind kind, String detail) {

    /** What kind it is decides whether it may be asked again, and what the client gets. */
    public enum Kind {
        /** No connection came about: it saw nothing of the request. */
        CONNECT(502, "connect-failed"),
        /** It said that it did nothing with the request (RFC 9113, 8.7): a stream refused, or beyond the last of a GOAWAY. */
        NOT_TAKEN(502, "not-taken"),
        /** The connection ended before any byte of an answer. */
        CLOSED_BEFORE_ANSWER(502, "closed-before-answer"),
        /** The connection ended within the answer. */
        CLOSED_WITHIN_ANSWER(502, "closed-within-answer"),
        /** What it said is no answer (RFC 9112), or could be read in two ways. */
        BAD_ANSWER(502, "bad-answer"),
        RESPONSE_TIMEOUT(504, "response-timeout"),
        IDLE_TIMEOUT(504, "idle-timeout"),
        /** All that the upstream's settings allow for a whole exchange was used up. */
        TOTAL_TIMEOUT(504, "total-timeout"),
        /** The client said how long it waits, and that was not long enough. */
        CLIENT_DEADLINE(504, "client-deadline"),
        /** It was not asked: too many have failed lately. */
        BREAKER_OPEN(503, "breaker-open"),
        /** It was not asked: it has as much to do as it may, and too many wait already. */
        QUEUE_FULL(503, "queue-full"),
        /** It was not asked: it had as much to do as it may, for too long. */
        QUEUE_TIMEOUT(503, "queue-timeout");

        private final int status;
        private final String reason;

        Kind(int status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        public int status() {
            return status;
        }

        /** Whether it was the upstream that ended the connection; else we did, and it may go on working. */
        public boolean endedByUpstream() {
            return this == CONNECT || this == NOT_TAKEN || this == CLOSED_BEFORE_ANSWER || this == CLOSED_WITHIN_ANSWER;
        }

        /** Whether the upstream surely saw nothing of the request. */
        public boolean unseen() {
            return this == CONNECT
                    || this == NOT_TAKEN
                    || this == BREAKER_OPEN
                    || this == QUEUE_FULL
                    || this == QUEUE_TIMEOUT;
        }

        /** A stable word for logs and metrics. */
        public String reason() {
            return reason;
        }
    }
}
