package dev.banyan.dataplane.forward;

import dev.banyan.contract.ExchangeRecord.Fault;
import dev.banyan.routing.Route;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Reason;
import java.util.Optional;

/** Whether legacy may answer for a modern side that failed. A pure function. */
final class FallbackRules {
    private FallbackRules() {}

    /** What is to be done. */
    enum Verdict {
        FALL_BACK("fall-back"),
        /** There is nothing to fall back from: legacy itself failed, or the default. */
        NOT_MODERN("not-modern"),
        NO_LEGACY("no-legacy"),
        OFF("off"),
        /** It answered, by a status that is an answer for this route. */
        NOT_LISTED("not-listed"),
        /** The client waits no longer. */
        OUT_OF_TIME("out-of-time"),
        /** Legacy may not have what the same user has just written to modern. */
        FENCED("fenced"),
        /** Modern may have done it, or may yet: a second time would be a second payment. */
        UNSAFE("unsafe"),
        /** The client has something of modern's answer, and would take the rest for the same. */
        ANSWER_BEGUN("answer-begun"),
        BODY_NOT_KEPT("body-not-kept"),
        /** Legacy has no such spelling of the path. */
        FORMAT("format");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** A stable word for metrics. */
        String word() {
            return word;
        }
    }

    /** Whether the route lists the status as one for which legacy answers; a status below 500 is a failure only where it does. */
    static boolean lists(Decision decision, int status) {
        if (decision.side() != Side.MODERN || decision.route() == null) {
            return false;
        }
        Optional<Route.Fallback> fallback = decision.route().route().fallback();
        return fallback.isPresent() && fallback.get().statuses().contains(status);
    }

    static Verdict judge(AttemptEnd outcome, Circumstances now) {
        Decision decision = now.decision();
        if (decision.side() != Side.MODERN || decision.route() == null) {
            return Verdict.NOT_MODERN;
        }
        Route route = decision.route().route();
        if (route.legacy().isEmpty()) {
            return Verdict.NO_LEGACY;
        }
        if (route.fallback().isEmpty()) {
            return Verdict.OFF;
        }
        if (outcome instanceof AttemptEnd.ErrorStatus error && !lists(decision, error.status())) {
            return Verdict.NOT_LISTED;
        }
        if (outcome.fault() == Fault.CLIENT) {
            return Verdict.OUT_OF_TIME;
        }
        if (decision.reason() == Reason.FENCED) {
            return Verdict.FENCED;
        }
        if (!decision.safe()
                && !(now.unseen()
                        && route.writes().filter(Route.Writes.EITHER::equals).isPresent())) {
            return Verdict.UNSAFE;
        }
        if (now.reachedClient()) {
            return Verdict.ANSWER_BEGUN;
        }
        return now.bodyKept() ? Verdict.FALL_BACK : Verdict.BODY_NOT_KEPT;
    }
}
