package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.UpstreamFailure;

/**
 * Whether the same upstream may be asked again. A pure function; the budget is asked by the caller, and last.
 *
 * @param reused the connection had carried an exchange before, so that its peer may just have been closing it
 * @param anotherEndpoint there is another endpoint than the one that failed
 * @param sentAgain it was sent a second time already
 * @param retriesLeft connect failures that may still be retried
 */
record RetryRules(
        UpstreamFailure.Kind failure,
        boolean idempotent,
        boolean bodyKept,
        boolean reused,
        boolean anotherEndpoint,
        boolean sentAgain,
        int retriesLeft) {

    /** What is to be done. */
    enum Verdict {
        /** Once more, over a new connection. No work is added by it: nobody has begun any. */
        RESEND("stale-connection"),
        /** Once more, if the budget allows. */
        RETRY("connect-failed"),
        /** Once more, if the budget allows: the upstream said that it did nothing with it. */
        NOT_TAKEN("not-taken"),
        /** Once more, at another endpoint, if the budget allows. */
        ELSEWHERE("endpoint-died"),
        NOT_THIS_FAILURE("may-be-at-work"),
        NOT_IDEMPOTENT("not-idempotent"),
        BODY_NOT_KEPT("body-not-kept"),
        ONLY_ONCE("only-once"),
        NO_ATTEMPTS_LEFT("no-attempts-left"),
        ONLY_ENDPOINT("only-endpoint"),
        BUDGET_SPENT("budget-spent");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** A stable word for metrics. */
        String word() {
            return word;
        }

        boolean again() {
            return this == RESEND || this == RETRY || this == NOT_TAKEN || this == ELSEWHERE;
        }
    }

    /**
     * A request that the upstream surely did not see may be sent again whatever its method. One that it may have seen is sent again
     * only if it may run twice (RFC 9110, 9.2.2), not a byte of an answer came, and for the first time: after a connection that was
     * reused, because its peer was most likely closing it for idleness just then (RFC 9112, 9.3.1), or at another endpoint, because
     * this one died.
     */
    Verdict judge() {
        if (failure == UpstreamFailure.Kind.CONNECT) {
            return retriesLeft > 0 ? Verdict.RETRY : Verdict.NO_ATTEMPTS_LEFT;
        }
        if (failure == UpstreamFailure.Kind.NOT_TAKEN) {
            return !bodyKept ? Verdict.BODY_NOT_KEPT : retriesLeft > 0 ? Verdict.NOT_TAKEN : Verdict.NO_ATTEMPTS_LEFT;
        }
        if (failure != UpstreamFailure.Kind.CLOSED_BEFORE_ANSWER) {
            return Verdict.NOT_THIS_FAILURE;
        }
        if (!idempotent) {
            return Verdict.NOT_IDEMPOTENT;
        }
        if (!bodyKept) {
            return Verdict.BODY_NOT_KEPT;
        }
        if (sentAgain) {
            return Verdict.ONLY_ONCE;
        }
        if (reused) {
            return Verdict.RESEND;
        }
        return anotherEndpoint ? Verdict.ELSEWHERE : Verdict.ONLY_ENDPOINT;
    }
}
