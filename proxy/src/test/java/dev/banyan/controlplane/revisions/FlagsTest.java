package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flag;
import dev.banyan.routing.Share;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static final String SPLIT = "route transactions legacy=rails modern=modern canary=25 shadow=10";

    @Test
    void setting_a_canary_makes_a_revision_with_author_reason_and_what_changed() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            Outcome outcome = history.canary("transactions", "50");

            Revision revision = ((Outcome.Changed) outcome).revision();
            assertThat(revision.number()).isEqualTo(2);
            assertThat(revision.parent()).isEqualTo(1);
            assertThat(revision.author()).isEqualTo("alice");
            assertThat(revision.reason()).isEqualTo("because");
            assertThat(revision.time()).isEqualTo(TestHistory.NOW);
            assertThat(revision.changes()).containsExactly("transactions: canary 25% -> 50% (flag)");
            assertThat(history.publisher.current()).isEqualTo(revision);
            assertThat(history.putInForce.get(1)).isEqualTo(revision.table());
        }
    }

    @Test
    void the_flag_says_who_set_it_when_and_why() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            history.canary("transactions", "50");

            assertThat(history.publisher
                            .current()
                            .table()
                            .flags()
                            .of("transactions")
                            .canary())
                    .contains(new Flag<>(new Share(5_000), "alice", "because", TestHistory.NOW));
        }
    }

    @Test
    void a_flag_equal_to_what_the_file_says_is_a_flag_and_holds_against_the_next_save() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            history.canary("transactions", "25");

            assertThat(history.changes()).containsExactly("transactions: canary 25% (flag)");
            assertThat(history.publisher
                            .current()
                            .table()
                            .flags()
                            .of("transactions")
                            .canary())
                    .contains(new Flag<>(new Share(2_500), "alice", "because", TestHistory.NOW));
            history.saveRoutes("route transactions legacy=rails modern=modern canary=60 shadow=10");
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(2_500));
            assertThat(history.changes())
                    .containsExactly("transactions: canary in the file 25% -> 60%, the flag keeps it at 25%");
        }
    }

    @Test
    void a_shadow_flag_equal_to_what_the_file_says_is_a_flag_too() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            history.shadow("transactions", "10");

            assertThat(history.changes()).containsExactly("transactions: shadow.share 10% (flag)");
            history.saveRoutes("route transactions legacy=rails modern=modern canary=25 shadow=40");
            assertThat(history.route("transactions").shadowShare()).isEqualTo(new Share(1_000));
        }
    }

    @Test
    void clearing_a_flag_equal_to_what_the_file_says_clears_it_and_says_so() {
        try (TestHistory history = TestHistory.of(SPLIT)) {
            history.canary("transactions", "25");
            history.shadow("transactions", "10");

            history.clear("transactions");
            assertThat(history.changes()).containsExactly("transactions: canary 25% (flag cleared)");
            history.clearShadow("transactions");
            assertThat(history.changes()).containsExactly("transactions: shadow.share 10% (flag cleared)");
            assertThat(history.publisher.current().table().flags().routes()).isEmpty();
        }
    }

    @Test
    void setting_the_same_flag_again_or_clearing_none_makes_no_revision() {
        try (TestHistory history = TestHistory.of(SPLIT)) {
            assertThat(history.clear("transactions")).isInstanceOf(Outcome.Unchanged.class);
            assertThat(history.clearShadow("transactions")).isInstanceOf(Outcome.Unchanged.class);
            history.canary("transactions", "25");
            history.shadow("transactions", "10");

            assertThat(history.canary("transactions", "25"))
                    .isEqualTo(new Outcome.Unchanged(history.publisher.current()));
            assertThat(history.shadow("transactions", "10")).isInstanceOf(Outcome.Unchanged.class);
            assertThat(history.number()).isEqualTo(3);
        }
    }

    @Test
    void clearing_a_canary_says_where_it_jumps_to() {
        try (TestHistory history = TestHistory.of(SPLIT)) {
            history.canary("transactions", "50");

            history.clear("transactions");

            assertThat(history.changes()).containsExactly("transactions: canary 50% -> 25% (flag cleared)");
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(2_500));
        }
    }

    @Test
    void a_flag_stays_when_the_file_changes_and_both_are_told() {
        try (TestHistory history = TestHistory.of(SPLIT)) {
            history.canary("transactions", "50");

            history.saveRoutes("route transactions legacy=rails modern=modern canary=30 shadow=10");

            assertThat(history.route("transactions").canary()).isEqualTo(new Share(5_000));
            assertThat(history.route("transactions").route().canary()).isEqualTo(new Share(3_000));
            assertThat(history.changes())
                    .containsExactly("transactions: canary in the file 25% -> 30%, the flag keeps it at 50%");
        }
    }

    @Test
    void a_route_that_disappears_from_the_files_drops_its_flags_and_says_so() {
        try (TestHistory history = TestHistory.of(SPLIT)) {
            history.canary("transactions", "50");

            history.saveRoutes("route other legacy=rails");

            assertThat(history.changes()).contains("transactions: removed, and its flags with it: canary 50%");
            history.saveRoutes(SPLIT);
            assertThat(history.route("transactions").canary()).isEqualTo(new Share(2_500));
        }
    }

    @Test
    void shadow_flags_lie_over_the_file_too() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            history.shadow("transactions", "5");
            assertThat(history.changes()).containsExactly("transactions: shadow.share 10% -> 5% (flag)");
            history.clearShadow("transactions");

            assertThat(history.changes()).containsExactly("transactions: shadow.share 5% -> 10% (flag cleared)");
        }
    }

    @Test
    void a_route_that_is_not_there_is_refused() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            assertThat(TestOutcomes.why(history.canary("nope", "5"))).isEqualTo(Outcome.Why.NO_SUCH_ROUTE);
            assertThat(TestOutcomes.why(history.shadow("nope", "5"))).isEqualTo(Outcome.Why.NO_SUCH_ROUTE);
            assertThat(TestOutcomes.why(history.freeze("nope"))).isEqualTo(Outcome.Why.NO_SUCH_ROUTE);
            assertThat(TestOutcomes.why(history.thaw("nope"))).isEqualTo(Outcome.Why.NO_SUCH_ROUTE);
        }
    }

    @Test
    void a_canary_needs_both_sides() {
        try (TestHistory history = TestHistory.of("route old legacy=rails", "route done modern=modern")) {

            assertThat(TestOutcomes.why(history.canary("old", "5"))).isEqualTo(Outcome.Why.NO_SUCH_SIDE);
            assertThat(TestOutcomes.why(history.canary("done", "5"))).isEqualTo(Outcome.Why.NO_SUCH_SIDE);
            assertThat(TestOutcomes.why(history.shadow("old", "5"))).isEqualTo(Outcome.Why.NO_SUCH_SIDE);
        }
    }
}
