package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One side as Banyan asks it by itself.
 *
 * @param copies reaches its upstream over connections of their own
 * @param clients by which clients reach it
 * @param budget what it may be asked
 */
record AskedSide(UpstreamHandle copies, UpstreamHandle clients, Budget budget) {
    private static final int LOCKED = 423;
    private static final int TOO_MANY_REQUESTS = 429;

    /**
     * Asks it, within its budget, and returns at once.
     *
     * @param told on the loop, at once or later, if it is asked
     * @return why it is not; empty: it is
     */
    Optional<Unmade> ask(Question question, Mirroring mirroring, Consumer<SeenAnswer> told) {
        KeptRequest request = question.request();
        if (!mirroring.later().isInForce(request)) {
            return Optional.of(Unmade.STOPPED);
        }
        Optional<Unmade> why = budget.take(clients, question.gentle());
        if (why.isPresent()) {
            return why;
        }
        if (!copies.breaker().admits()) {
            budget.release();
            return Optional.of(Unmade.STRAINED);
        }
        Bounds bounds = request.within(
                new Bounds(question.maxBytes(), mirroring.bounds().time()));
        Ask.ask(request.loop(), copies, question.head(), question.body(), bounds, answer -> {
            budget.release();
            if (answer.status() == TOO_MANY_REQUESTS) {
                budget.pause();
            }
            if (answer.status() == TOO_MANY_REQUESTS || answer.status() == LOCKED) {
                budget.pauseRepeats();
            }
            if (question.safe()) {
                mirroring.look(request.decision().routeId(), answer);
            }
            told.accept(answer);
        });
        return Optional.empty();
    }
}
