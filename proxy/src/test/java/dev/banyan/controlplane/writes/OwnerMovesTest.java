package dev.banyan.controlplane.writes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.controlplane.revisions.FreezeChange;
import dev.banyan.controlplane.revisions.MemoryStore;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.OwnerChange;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.routing.Side;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnerMovesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final TestGates gates = new TestGates();
    private Routes routes;
    private OwnerMoves moves;

    @BeforeEach
    void start() throws IOException {
        routes = Routes.of(
                        new MemoryStore(),
                        TakenByModern.UNCOUNTED,
                        table -> gates.note("revision " + table.revision() + " in force"))
                .say("100%", "legacy");
        moves = new OwnerMoves(routes.publisher, gates, Routes.CLOCK);
    }

    @AfterEach
    void stop() {
        moves.close();
        routes.close();
    }

    private CompletableFuture<Outcome> move(Side to, Duration patience) {
        return move(to, false, StrandedWrites.REFUSE, patience);
    }

    private CompletableFuture<Outcome> move(Side to, boolean lag, StrandedWrites stranded, Duration patience) {
        return moves.move(
                        new OwnerMoves.Asked(new OwnerChange("orders", to, lag, stranded), patience),
                        Routes.ALICE,
                        Precondition.NONE)
                .toCompletableFuture();
    }

    private static Outcome.Refused refused(CompletableFuture<Outcome> move) throws Exception {
        return (Outcome.Refused) move.get(10, TimeUnit.SECONDS);
    }

    private void awaitClosed() {
        await().until(() -> !gates.state("orders").open());
    }

    @Test
    void it_closes_swaps_and_opens_in_that_order() throws Exception {
        Outcome outcome = move(Side.MODERN, LONG).get(10, TimeUnit.SECONDS);

        assertThat(outcome).isInstanceOf(Outcome.Changed.class);
        assertThat(routes.orders().owner()).contains(Side.MODERN);
        assertThat(gates.calls())
                .containsExactly("revision 1 in force", "close orders", "revision 2 in force", "open orders");
        assertThat(moves.underWay()).isEmpty();
    }

    @Test
    void it_waits_for_what_is_under_way() {
        gates.underWay("orders", 1);

        CompletableFuture<Outcome> move = move(Side.MODERN, LONG);
        awaitClosed();

        assertThat(move).isNotDone();
        assertThat(routes.orders().owner()).contains(Side.LEGACY);
        assertThat(moves.underWay()).contains(new OwnerMoves.UnderWay("orders", Side.MODERN, "alice", Routes.NOW));
        gates.underWay("orders", 0);
        assertThat(move.join()).isInstanceOf(Outcome.Changed.class);
        assertThat(gates.state("orders").open()).isTrue();
    }

    @Test
    void what_does_not_end_in_time_leaves_the_owner_and_is_counted() throws Exception {
        gates.underWay("orders", 3);

        Outcome.Refused refused = refused(move(Side.MODERN, Duration.ofMillis(50)));

        assertThat(refused.why()).isEqualTo(Outcome.Why.NOT_DRAINED);
        assertThat(refused.what())
                .isEqualTo(
                        "3 unsafe requests (at legacy) were still under way after 50 ms, so the owner of route orders"
                                + " stays, and its writes are let through again");
        assertThat(routes.orders().owner()).contains(Side.LEGACY);
        assertThat(gates.state("orders").open()).isTrue();
        assertThat(moves.underWay()).isEmpty();
    }

    @Test
    void a_refusal_that_is_known_before_closes_nothing() throws Exception {
        routes.canary("50");

        assertThat(refused(move(Side.MODERN, LONG)).why()).isEqualTo(Outcome.Why.READERS_LAG);
        assertThat(move(Side.LEGACY, LONG).get()).isInstanceOf(Outcome.Unchanged.class);

        assertThat(gates.calls()).noneMatch(call -> call.startsWith("close"));
        assertThat(move(Side.MODERN, true, StrandedWrites.REFUSE, LONG).get()).isInstanceOf(Outcome.Changed.class);
    }

    @Test
    void back_to_legacy_it_wants_to_hear_that_stranding_is_accepted() throws Exception {
        move(Side.MODERN, LONG).get();

        assertThat(refused(move(Side.LEGACY, LONG)).why()).isEqualTo(Outcome.Why.STRANDS_WRITES);

        assertThat(move(Side.LEGACY, false, StrandedWrites.ACCEPT, LONG).get()).isInstanceOf(Outcome.Changed.class);
        assertThat(routes.orders().owner()).contains(Side.LEGACY);
    }

    @Test
    void a_freeze_goes_through_while_it_waits_and_ends_it() throws Exception {
        gates.underWay("orders", 1);
        CompletableFuture<Outcome> move = move(Side.MODERN, LONG);
        awaitClosed();

        assertThat(routes.freeze()).isInstanceOf(Outcome.Changed.class);

        assertThat(refused(move).why()).isEqualTo(Outcome.Why.CHANGED_MEANWHILE);
        assertThat(routes.orders().owner()).contains(Side.LEGACY);
        assertThat(gates.state("orders").open()).isTrue();
    }

    @Test
    void so_does_a_freeze_of_everything() throws Exception {
        gates.underWay("orders", 1);
        CompletableFuture<Outcome> move = move(Side.MODERN, LONG);
        awaitClosed();

        Routes.await(
                routes.publisher.submit(new FreezeChange(Optional.empty(), true), Routes.ALICE, Precondition.NONE));

        assertThat(refused(move).why()).isEqualTo(Outcome.Why.CHANGED_MEANWHILE);
    }

    @Test
    void of_two_at_once_one_is_refused_and_told_of_the_other() throws Exception {
        gates.underWay("orders", 1);
        CompletableFuture<Outcome> first = move(Side.MODERN, LONG);
        awaitClosed();

        Outcome.Refused second = refused(move(Side.MODERN, LONG));

        assertThat(second.why()).isEqualTo(Outcome.Why.MOVE_UNDER_WAY);
        assertThat(second.what())
                .contains("route orders is being moved to modern, by alice since 2026-03-01T12:00:00Z");
        assertThat(gates.state("orders").open()).isFalse();
        gates.underWay("orders", 0);
        assertThat(first.join()).isInstanceOf(Outcome.Changed.class);
    }

    @Test
    void a_store_that_fails_leaves_the_owner_and_opens_again() throws Exception {
        routes.store.failing = true;

        assertThat(refused(move(Side.MODERN, LONG)).why()).isEqualTo(Outcome.Why.STORE_FAILED);

        assertThat(routes.orders().owner()).contains(Side.LEGACY);
        assertThat(gates.state("orders").open()).isTrue();
    }

    @Test
    void a_proxy_that_closes_ends_the_wait() throws Exception {
        gates.underWay("orders", 1);
        CompletableFuture<Outcome> move = move(Side.MODERN, LONG);
        awaitClosed();

        moves.close();

        assertThat(refused(move).why()).isEqualTo(Outcome.Why.NOT_READY);
        assertThat(gates.state("orders").open()).isTrue();
    }

    @Test
    void a_precondition_that_fails_is_told_before_anything_is_closed() throws Exception {
        Outcome outcome = moves.move(
                        new OwnerMoves.Asked(
                                new OwnerChange("orders", Side.MODERN, false, StrandedWrites.REFUSE), LONG),
                        Routes.ALICE,
                        new Precondition.TableIs(7))
                .toCompletableFuture()
                .get();

        assertThat(((Outcome.Refused) outcome).why()).isEqualTo(Outcome.Why.STALE);
        assertThat(gates.calls()).noneMatch(call -> call.startsWith("close"));
    }
}
