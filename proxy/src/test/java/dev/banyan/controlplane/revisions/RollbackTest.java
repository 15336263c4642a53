package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RollbackTest {
    private static final String ACCOUNTS =
            "route accounts match=GET+POST:/a legacy=rails modern=modern canary=5 writes=legacy";
    private static final String TRANSACTIONS = "route transactions match=GET:/t legacy=rails modern=modern canary=25";

    @Test
    void a_rollback_is_a_new_revision_with_the_old_routes_and_flags_and_pins() {
        try (TestHistory history = TestHistory.of(ACCOUNTS, TRANSACTIONS)) {
            history.canary("transactions", "50");
            history.canary("transactions", "100");
            history.saveRoutes(ACCOUNTS);

            Outcome outcome = history.rollback(2);

            Revision revision = ((Outcome.Changed) outcome).revision();
            assertThat(revision.number()).isEqualTo(5);
            assertThat(revision.pinnedTo()).contains(2L);
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(5_000));
            assertThat(revision.changes()).contains("pinned to revision 2");
        }
    }

    @Test
    void owners_and_freezes_stay_as_they_are() {
        try (TestHistory history = TestHistory.of(ACCOUNTS.replace("canary=5", "canary=100"), TRANSACTIONS)) {
            history.moveWrites("accounts", Side.MODERN);
            history.freeze("transactions");
            history.canary("transactions", "60");

            history.rollback(1);

            assertThat(history.route("accounts").owner()).contains(Side.MODERN);
            assertThat(history.route("transactions").freeze()).isPresent();
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(2_500));
        }
    }

    @Test
    void a_rollback_that_would_strand_writes_is_refused() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.canary("accounts", "100");
            history.moveWrites("accounts", Side.MODERN);

            assertThat(TestOutcomes.why(history.rollback(1))).isEqualTo(Outcome.Why.STRANDS_WRITES);
            assertThat(history.publisher.current().pinnedTo()).isEmpty();
        }
    }

    @Test
    void while_pinned_changed_files_wait_and_flags_go_on_working() {
        try (TestHistory history = TestHistory.of(ACCOUNTS, TRANSACTIONS)) {
            history.canary("transactions", "50");
            history.rollback(1);

            history.saveRoutes(ACCOUNTS, TRANSACTIONS.replace("canary=25", "canary=75"));

            assertThat(history.publisher.files().waiting()).containsExactly("squad.yaml");
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(2_500));
            assertThat(history.canary("transactions", "30")).isInstanceOf(Outcome.Changed.class);
            assertThat(history.freeze("accounts")).isInstanceOf(Outcome.Changed.class);
            assertThat(history.publisher.current().pinnedTo()).contains(1L);
        }
    }

    @Test
    void unpin_takes_the_present_files_and_keeps_the_flags() {
        try (TestHistory history = TestHistory.of(ACCOUNTS, TRANSACTIONS)) {
            history.rollback(1);
            history.saveRoutes(
                    ACCOUNTS.replace("canary=5", "canary=8"), TRANSACTIONS.replace("canary=25", "canary=75"));
            history.canary("transactions", "30");

            history.unpin();

            assertThat(history.publisher.current().pinnedTo()).isEmpty();
            assertThat(history.publisher.files().waiting()).isEmpty();
            assertThat(history.route("accounts").canary()).isEqualTo(new Share(800));
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(3_000));
            assertThat(history.changes())
                    .containsExactly(
                            "accounts: canary 5% -> 8%",
                            "transactions: canary in the file 25% -> 75%, the flag keeps it at 30%", "unpinned");
        }
    }

    private static void pinWithAFileThatWaits(TestHistory history) {
        history.canary("accounts", "9");
        history.rollback(1);
        history.saveRoutes(ACCOUNTS, TRANSACTIONS);
    }

    @Test
    void an_unpin_that_could_not_be_stored_leaves_the_files_waiting() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            pinWithAFileThatWaits(history);
            history.store.failing = true;

            assertThat(TestOutcomes.why(history.unpin())).isEqualTo(Outcome.Why.STORE_FAILED);

            assertThat(history.publisher.files().waiting()).containsExactly("squad.yaml");
            history.store.failing = false;
            assertThat(history.unpin()).isInstanceOf(Outcome.Changed.class);
            assertThat(history.publisher.files().waiting()).isEmpty();
        }
    }

    @Test
    void a_preview_says_what_would_come_of_it_and_shows_nothing_as_done() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            pinWithAFileThatWaits(history);
            Cause alice = new Cause("alice", "");

            assertThat(TestHistory.await(history.publisher.preview(new Unpin(), alice, Precondition.NONE)))
                    .as("it would be done")
                    .isEmpty();
            assertThat(TestHistory.await(history.publisher.preview(
                            new Rollback(99, Optional.empty(), StrandedWrites.REFUSE), alice, Precondition.NONE)))
                    .map(TestOutcomes::why)
                    .contains(Outcome.Why.NO_SUCH_REVISION);

            assertThat(history.publisher.files().waiting()).containsExactly("squad.yaml");
            assertThat(history.publisher.current().pinnedTo()).contains(1L);
        }
    }

    @Test
    void files_that_wait_still_wait_after_a_restart() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.canary("accounts", "9");
            history.rollback(1);

            history.restart();
            history.saveRoutes(ACCOUNTS, TRANSACTIONS);

            assertThat(history.publisher.files().waiting()).containsExactly("squad.yaml");
            assertThat(history.publisher.current().pinnedTo()).contains(1L);
            history.unpin();
            assertThat(history.route("transactions")).isNotNull();
        }
    }

    @Test
    void unpin_of_a_table_that_is_not_pinned_is_refused() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {

            assertThat(TestOutcomes.why(history.unpin())).isEqualTo(Outcome.Why.NOT_PINNED);
        }
    }

    @Test
    void apply_is_refused_while_pinned() {
        try (TestHistory history = TestHistory.applied(ACCOUNTS)) {
            history.canary("accounts", "9");
            history.rollback(1);

            Outcome outcome = history.apply();

            assertThat(TestOutcomes.why(outcome)).isEqualTo(Outcome.Why.PINNED);
        }
    }

    @Test
    void a_rollback_of_one_route_leaves_the_others_as_they_are() {
        try (TestHistory history = TestHistory.of(ACCOUNTS, TRANSACTIONS)) {
            history.canary("accounts", "50");
            history.canary("transactions", "50");

            history.rollback(1, "transactions");

            assertThat(history.route("transactions").canary()).isEqualTo(new Share(2_500));
            assertThat(history.route("accounts").canary()).isEqualTo(new Share(5_000));
            assertThat(history.publisher.current().pinnedTo()).contains(1L);
        }
    }

    @Test
    void a_rollback_of_one_route_brings_the_upstream_it_needs() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.save(
                    "t.yaml",
                    "upstream second port=9000 response=7\n" + TRANSACTIONS.replace("modern=modern", "modern=second"));
            history.save("t.yaml", TRANSACTIONS);

            history.rollback(2, "transactions");

            assertThat(history.route("transactions").route().modern()).contains("second");
            assertThat(history.publisher.current().table().base().upstreams())
                    .hasEntrySatisfying(
                            "second",
                            upstream ->
                                    assertThat(upstream.timeouts().response()).isEqualTo(Duration.ofSeconds(7)));
        }
    }

    @Test
    void a_rollback_of_one_route_does_not_change_an_upstream_that_others_use() {
        try (TestHistory history = TestHistory.of(ACCOUNTS, TRANSACTIONS)) {
            history.save("00-platform.yaml", TestHistory.PLATFORM.replace("port=3000", "port=3000 response=30"));
            history.canary("transactions", "50");

            history.rollback(1, "transactions");

            assertThat(history.changes())
                    .contains("upstream rails: stays as it is today, because others use it too")
                    .contains("transactions: canary 50% -> 25% (flag cleared)");
            assertThat(history.publisher.current().table().base().upstreams())
                    .hasEntrySatisfying(
                            "rails",
                            upstream ->
                                    assertThat(upstream.timeouts().response()).isEqualTo(Duration.ofSeconds(30)));
        }
    }

    @Test
    void a_route_that_does_not_fit_into_todays_table_is_refused_with_the_reason() {
        try (TestHistory history = TestHistory.of(ACCOUNTS, TRANSACTIONS)) {
            history.saveRoutes(ACCOUNTS, TRANSACTIONS.replace("route transactions", "route tx"));

            Outcome outcome = history.rollback(1, "transactions");

            assertThat(TestOutcomes.why(outcome)).isEqualTo(Outcome.Why.DOES_NOT_FIT);
            assertThat(TestOutcomes.refused(outcome).what()).contains("could both win");
        }
    }

    @Test
    void what_the_revision_does_not_have_cannot_be_rolled_back_to() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.saveRoutes(ACCOUNTS, TRANSACTIONS);

            assertThat(TestOutcomes.why(history.rollback(1, "transactions"))).isEqualTo(Outcome.Why.NO_SUCH_ROUTE);
            assertThat(TestOutcomes.why(history.rollback(7))).isEqualTo(Outcome.Why.NO_SUCH_REVISION);
            assertThat(TestOutcomes.why(history.rollback(0))).isEqualTo(Outcome.Why.NO_SUCH_REVISION);
        }
    }

    @Test
    void rolling_back_twice_to_the_same_makes_one_revision() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.canary("accounts", "9");

            history.rollback(1);

            assertThat(history.rollback(1)).isInstanceOf(Outcome.Unchanged.class);
        }
    }

    @Test
    void a_route_that_a_rollback_hides_has_its_flags_again_when_it_comes_back() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.saveRoutes(ACCOUNTS, TRANSACTIONS);
            history.canary("transactions", "60");

            history.rollback(1);
            assertThat(history.changes()).contains("transactions: removed; its flags stay for when it comes back");
            history.unpin();

            assertThat(history.route("transactions").canary()).isEqualTo(new Share(6_000));
        }
    }
}
