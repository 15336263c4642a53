package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

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
     * @param again it has answered a client's request like this
     * @param head what is sent, by the authority of the endpoint that is asked; framed for {@code body}
     * @param told on the loop, at once or later, if it is asked
     * @return why it is not; empty: it is
     */
    Optional<Unmade> ask(
            Loop loop,
            boolean again,
            Function<String, OutgoingHead> head,
            byte[] body,
            Bounds bounds,
            Consumer<SeenAnswer> told) {
        Optional<Unmade> why = budget.take(clients, again);
        if (why.isPresent()) {
            return why;
        }
        if (!copies.breaker().admits()) {
            budget.release();
            return Optional.of(Unmade.STRAINED);
        }
        Ask.ask(loop, copies, head, body, bounds, answer -> {
            budget.release();
            if (answer.status() == TOO_MANY_REQUESTS) {
                budget.pause();
            }
            if (answer.status() == TOO_MANY_REQUESTS || answer.status() == LOCKED) {
                budget.pauseRepeats();
            }
            told.accept(answer);
        });
        return Optional.empty();
    }
}
