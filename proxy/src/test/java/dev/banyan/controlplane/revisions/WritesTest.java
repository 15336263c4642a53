package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import org.junit.jupiter.api.Test;

class WritesTest {

    private static String route(String canary, String writes) {
        return "route t match=GET+POST:/t legacy=rails modern=modern canary=" + canary + " writes=" + writes;
    }

    @Test
    void a_new_route_starts_with_the_owner_its_file_names() {
        try (TestHistory history = TestHistory.of(route("0", "modern"))) {

            assertThat(history.publisher.current().table().flags().of("t").owner())
                    .contains(Side.MODERN);
        }
    }

    @Test
    void a_file_that_names_another_owner_than_the_present_is_refused_and_told_the_command() {
        try (TestHistory history = TestHistory.of(route("100", "legacy"))) {

            history.saveRoutes(route("100", "modern"));

            assertThat(history.number()).isEqualTo(1);
            assertThat(history.publisher.files().heldBack()).singleElement().satisfies(held -> {
                assertThat(held.file()).isEqualTo("squad.yaml");
                assertThat(held.problems()).singleElement().asString().contains("banyan writes move t modern");
            });
        }
    }

    @Test
    void a_file_that_still_names_the_old_owner_holds_nobody_else_up() {
        try (TestHistory history = TestHistory.of(route("100", "legacy"))) {
            history.moveWrites("t", Side.MODERN);

            history.save("other.yaml", "route other legacy=rails");

            assertThat(history.publisher.files().heldBack()).isEmpty();
            assertThat(history.route("other")).isNotNull();
            assertThat(history.route("t").owner()).contains(Side.MODERN);
        }
    }

    @Test
    void writes_move_to_modern_once_all_readers_are_there() {
        try (TestHistory history = TestHistory.of(route("50", "legacy"))) {

            assertThat(TestOutcomes.why(history.moveWrites("t", Side.MODERN))).isEqualTo(Outcome.Why.READERS_LAG);
            history.canary("t", "100");
            assertThat(history.moveWrites("t", Side.MODERN)).isInstanceOf(Outcome.Changed.class);

            assertThat(history.changes()).containsExactly("t: owner legacy -> modern");
            assertThat(history.moveWrites("t", Side.MODERN)).isInstanceOf(Outcome.Unchanged.class);
        }
    }

    @Test
    void moving_writes_back_strands_unless_that_is_accepted() {
        try (TestHistory history = TestHistory.of(route("100", "modern"))) {

            assertThat(TestOutcomes.why(history.moveWrites("t", Side.LEGACY))).isEqualTo(Outcome.Why.STRANDS_WRITES);
            assertThat(history.moveWritesAnyhow("t", Side.LEGACY)).isInstanceOf(Outcome.Changed.class);
        }
    }

    @Test
    void a_route_whose_sides_share_their_data_has_no_owner_to_move() {
        try (TestHistory history = TestHistory.of(route("50", "either"))) {

            assertThat(TestOutcomes.why(history.moveWrites("t", Side.MODERN))).isEqualTo(Outcome.Why.NO_OWNER);
        }
    }

    @Test
    void lowering_a_canary_by_flag_strands_writes_that_modern_owns() {
        try (TestHistory history = TestHistory.of(route("50", "modern"))) {

            Outcome lower = history.canary("t", "49.99");

            assertThat(TestOutcomes.why(lower)).isEqualTo(Outcome.Why.STRANDS_WRITES);
            assertThat(TestOutcomes.refused(lower).fix()).contains("banyan writes move t legacy");
            assertThat(history.canary("t", "60")).isInstanceOf(Outcome.Changed.class);
            assertThat(history.canary("t", "55")).isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    void lowering_a_canary_is_done_where_stranding_is_accepted() {
        try (TestHistory history = TestHistory.of(route("50", "modern"))) {

            Outcome outcome = TestHistory.await(history.publisher.submit(
                    CanaryChange.set("t", Share.NONE, StrandedWrites.ACCEPT),
                    new Cause("alice", ""),
                    Precondition.NONE));

            assertThat(outcome).isInstanceOf(Outcome.Changed.class);
        }
    }

    @Test
    void clearing_a_flag_that_would_lower_the_canary_is_refused() {
        try (TestHistory history = TestHistory.of(route("50", "modern"))) {
            history.canary("t", "100");

            assertThat(TestOutcomes.why(history.clear("t"))).isEqualTo(Outcome.Why.STRANDS_WRITES);
        }
    }

    @Test
    void a_file_that_lowers_the_canary_under_writes_modern_is_held_back() {
        try (TestHistory history = TestHistory.of(route("50", "modern"))) {

            history.saveRoutes(route("5", "modern"));

            assertThat(history.route("t").canary()).isEqualTo(new Share(5_000));
            assertThat(history.publisher.files().heldBack().get(0).problems().get(0))
                    .startsWith("squad.yaml:10:5: route t: canary 50% -> 5%")
                    .contains("banyan writes move t legacy");
        }
    }

    @Test
    void a_file_that_lowers_the_canary_under_a_flag_that_keeps_it_strands_nothing() {
        try (TestHistory history = TestHistory.of(route("50", "modern"))) {
            history.canary("t", "100");

            history.saveRoutes(route("5", "modern"));

            assertThat(history.publisher.files().heldBack()).isEmpty();
            assertThat(history.route("t").canary()).isEqualTo(Share.ALL);
        }
    }

    @Test
    void a_file_that_drops_a_route_whose_data_modern_owns_is_held_back() {
        try (TestHistory history = TestHistory.of(route("100", "modern"))) {

            history.saveRoutes("route other legacy=rails");

            assertThat(history.route("t")).isNotNull();
            assertThat(history.publisher.files().heldBack())
                    .extracting(FilesStatus.HeldBack::file)
                    .containsExactly("squad.yaml");
        }
    }

    @Test
    void such_a_route_may_be_renamed() {
        try (TestHistory history = TestHistory.of(route("100", "modern"))) {

            history.saveRoutes(route("100", "modern").replace("route t", "route renamed"));

            assertThat(history.publisher.files().heldBack()).isEmpty();
            assertThat(history.route("renamed").owner()).contains(Side.MODERN);
        }
    }

    @Test
    void lowering_a_canary_under_writes_legacy_strands_nothing() {
        try (TestHistory history = TestHistory.of(route("50", "legacy"))) {

            assertThat(history.canary("t", "0")).isInstanceOf(Outcome.Changed.class);
        }
    }
}
