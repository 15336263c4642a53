package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;

/** Whether the same upstream may be asked again. A pure function; its breaker and its budget are asked by who acts, and last. */
final class RetryRules {
    private RetryRules() {}

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
        MAY_BE_AT_WORK("may-be-at-work"),
        /** The client has something of an answer. */
        ANSWER_BEGUN("answer-begun"),
        OUT_OF_TIME("out-of-time"),
        NOT_IDEMPOTENT("not-idempotent"),
        BODY_NOT_KEPT("body-not-kept"),
        ONLY_ONCE("only-once"),
        NO_ATTEMPTS_LEFT("no-attempts-left"),
        ONLY_ENDPOINT("only-endpoint"),
        BUDGET_SPENT("budget-spent"),
        BREAKER_OPEN("breaker-open");

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

        /** Whether it is charged to the upstream's budget. */
        boolean charged() {
            return this != RESEND;
        }
    }

    /**
     * A request that the upstream surely did not see may be sent again whatever its method. One that it may have seen is sent again
     * only if it may run twice (RFC 9110, 9.2.2), not a byte of an answer came, and for the first time: after a connection that was
     * reused, because its peer was most likely closing it for idleness just then (RFC 9112, 9.3.1), or at another endpoint, because
     * this one died.
     */
    static Verdict judge(AttemptEnd.Failed failed, Circumstances now) {
        if (now.reachedClient()) {
            return Verdict.ANSWER_BEGUN;
        }
        if (failed instanceof AttemptEnd.OutOfTime) {
            return Verdict.OUT_OF_TIME;
        }
        if (failed instanceof AttemptEnd.NotConnected) {
            return now.retriesLeft() > 0 ? Verdict.RETRY : Verdict.NO_ATTEMPTS_LEFT;
        }
        if (failed.failure().kind() == Kind.NOT_TAKEN) {
            return !now.bodyKept()
                    ? Verdict.BODY_NOT_KEPT
                    : now.retriesLeft() > 0 ? Verdict.NOT_TAKEN : Verdict.NO_ATTEMPTS_LEFT;
        }
        return failed instanceof AttemptEnd.NotAnswered silent
                        && silent.failure().kind() == Kind.CLOSED_BEFORE_ANSWER
                ? ofSilence(silent, now)
                : Verdict.MAY_BE_AT_WORK;
    }

    private static Verdict ofSilence(AttemptEnd.NotAnswered silent, Circumstances now) {
        if (!now.idempotent()) {
            return Verdict.NOT_IDEMPOTENT;
        }
        if (!now.bodyKept()) {
            return Verdict.BODY_NOT_KEPT;
        }
        if (now.sentAgain()) {
            return Verdict.ONLY_ONCE;
        }
        if (silent.stale()) {
            return Verdict.RESEND;
        }
        return now.anotherEndpoint() ? Verdict.ELSEWHERE : Verdict.ONLY_ENDPOINT;
    }
}
