package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Freeze;
import dev.banyan.routing.Side;
import org.junit.jupiter.api.Test;

class FreezeTest {
    private static final String SPLIT =
            "route transactions match=GET+POST:/t legacy=rails modern=modern canary=100 writes=modern";
    private static final String OTHER = "route accounts legacy=rails modern=modern canary=5";
    private static final String COMPLETE = "route done modern=modern";

    @Test
    void a_freeze_keeps_unsafe_requests_with_their_owner() {
        try (TestHistory history = TestHistory.of(SPLIT)) {

            history.freeze("transactions");

            assertThat(history.route("transactions").freeze()).contains(new Freeze(false));
            assertThat(history.route("transactions").owner()).contains(Side.MODERN);
            assertThat(history.changes()).containsExactly("transactions: frozen");
        }
    }

    @Test
    void a_route_without_legacy_cannot_be_frozen() {
        try (TestHistory history = TestHistory.of(COMPLETE)) {

            assertThat(TestOutcomes.why(history.freeze("done"))).isEqualTo(Outcome.Why.NO_SUCH_SIDE);
        }
    }

    @Test
    void freezing_everything_names_those_it_cannot_freeze() {
        try (TestHistory history = TestHistory.of(SPLIT, OTHER, COMPLETE)) {

            history.freezeEverything(false);

            assertThat(history.route("accounts").freeze()).isPresent();
            assertThat(history.route("transactions").freeze()).isPresent();
            assertThat(history.route("done").freeze()).isEmpty();
            assertThat(history.changes())
                    .containsExactly("everything: frozen", "done: cannot be frozen, it has no legacy side");
        }
    }

    @Test
    void a_freeze_with_writes_says_what_it_strands() {
        try (TestHistory history = TestHistory.of(SPLIT, OTHER)) {

            history.freezeEverything(true);

            assertThat(history.changes())
                    .containsExactly(
                            "everything: frozen, with its writes",
                            "transactions: its writes go to legacy while it is frozen; strands what modern took, which nobody has counted");
        }
    }

    @Test
    void freezing_twice_makes_one_revision() {
        try (TestHistory history = TestHistory.of(OTHER)) {

            history.freeze("accounts");
            assertThat(history.freeze("accounts")).isInstanceOf(Outcome.Unchanged.class);
            history.freezeEverything(false);
            assertThat(history.freezeEverything(false)).isInstanceOf(Outcome.Unchanged.class);

            assertThat(history.number()).isEqualTo(3);
        }
    }

    @Test
    void a_route_is_frozen_by_itself_under_a_freeze_of_everything_and_the_reverse() {
        try (TestHistory history = TestHistory.of(SPLIT, OTHER)) {
            history.freezeEverything(false);

            history.freeze("accounts");

            assertThat(history.changes())
                    .containsExactly(
                            "accounts: frozen", "accounts: was frozen with everything already, by alice (because)");
            history.thawEverything();
            assertThat(history.route("accounts").freeze()).isPresent();
            history.freezeEverything(false);
            assertThat(history.changes()).containsExactly("everything: frozen");
            history.thaw("accounts");
            assertThat(history.changes())
                    .containsExactly("accounts: thawed", "accounts: stays frozen with everything, by alice (because)");
            assertThat(history.route("accounts").freeze()).isPresent();
        }
    }

    @Test
    void a_freeze_that_takes_the_writes_along_or_leaves_them_again_is_another_freeze() {
        try (TestHistory history = TestHistory.of(SPLIT)) {
            history.freezeEverything(false);

            history.freezeEverything(true);
            assertThat(history.changes()).contains("everything: frozen, with its writes");
            history.freezeEverything(false);

            assertThat(history.changes()).containsExactly("everything: frozen, without its writes any more");
        }
    }

    @Test
    void thawing_everything_leaves_a_route_frozen_that_was_frozen_by_itself_and_names_it() {
        try (TestHistory history = TestHistory.of(SPLIT, OTHER)) {
            history.freeze("accounts");
            history.freezeEverything(false);

            history.thawEverything();

            assertThat(history.route("transactions").freeze()).isEmpty();
            assertThat(history.route("accounts").freeze()).isPresent();
            assertThat(history.changes())
                    .containsExactly("everything: thawed", "accounts: stays frozen by itself, by alice (because)");
            assertThat(history.thaw("accounts")).isInstanceOf(Outcome.Changed.class);
            assertThat(history.route("accounts").freeze()).isEmpty();
        }
    }

    @Test
    void thawing_one_route_does_not_lift_the_freeze_of_everything() {
        try (TestHistory history = TestHistory.of(OTHER)) {
            history.freezeEverything(false);

            Outcome outcome = history.thaw("accounts");

            assertThat(TestOutcomes.why(outcome)).isEqualTo(Outcome.Why.OTHER_FREEZE);
            assertThat(TestOutcomes.refused(outcome).fix()).contains("banyan thaw");
        }
    }

    @Test
    void thawing_what_is_not_frozen_makes_none() {
        try (TestHistory history = TestHistory.of(OTHER)) {

            assertThat(history.thaw("accounts")).isInstanceOf(Outcome.Unchanged.class);
            assertThat(history.thawEverything()).isInstanceOf(Outcome.Unchanged.class);
        }
    }
}
