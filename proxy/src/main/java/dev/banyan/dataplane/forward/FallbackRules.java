package dev.banyan.dataplane.forward;

import dev.banyan.routing.Route;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Reason;

/**
 * Whether legacy may answer for a modern side that failed. A pure function.
 *
 * @param unseen modern surely saw nothing of the request, in no attempt
 * @param bodyKept it could be sent again from its first byte on
 */
record FallbackRules(Decision decision, boolean unseen, boolean bodyKept) {

    /** What is to be done. */
    enum Verdict {
        FALL_BACK("fall-back"),
        /** There is nothing to fall back from: legacy itself failed, or the default. */
        NOT_MODERN("not-modern"),
        NO_LEGACY("no-legacy"),
        OFF("off"),
        /** Legacy may not have what the same user has just written to modern. */
        FENCED("fenced"),
        /** Modern may have done it, or may yet: a second time would be a second payment. */
        UNSAFE("unsafe"),
        BODY_NOT_KEPT("body-not-kept");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** A stable word for metrics. */
        String word() {
            return word;
        }
    }

    Verdict judge() {
        if (decision.side() != Side.MODERN || decision.route() == null) {
            return Verdict.NOT_MODERN;
        }
        Route route = decision.route().route();
        if (route.legacy().isEmpty()) {
            return Verdict.NO_LEGACY;
        }
        if (!route.fallback().enabled()) {
            return Verdict.OFF;
        }
        if (decision.reason() == Reason.FENCED) {
            return Verdict.FENCED;
        }
        boolean eitherSideWrites =
                route.writes().filter(Route.Writes.EITHER::equals).isPresent();
        if (!decision.safe() && !(unseen && eitherSideWrites)) {
            return Verdict.UNSAFE;
        }
        return bodyKept ? Verdict.FALL_BACK : Verdict.BODY_NOT_KEPT;
    }
}
