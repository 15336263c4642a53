package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreconditionTest {
    private static final String[] ROUTES = {
        "route accounts legacy=rails modern=modern canary=5", "route transactions legacy=rails modern=modern canary=25"
    };

    private static Precondition tagOf(TestHistory history, String route) {
        return new Precondition.RouteIs(RouteTag.of(
                history.route(route).route(),
                history.publisher.current().table().flags().of(route)));
    }

    @Test
    void a_change_of_an_older_table_is_refused() {
        try (TestHistory history = TestHistory.of(ROUTES)) {
            history.canary("accounts", "6");

            assertThat(TestOutcomes.why(history.canaryIf("accounts", "7", new Precondition.TableIs(1))))
                    .isEqualTo(Outcome.Why.STALE);
            assertThat(history.canaryIf("accounts", "7", new Precondition.TableIs(2)))
                    .isInstanceOf(Outcome.Changed.class);
        }
    }

    @Test
    void a_route_is_not_stale_because_another_squad_moved() {
        try (TestHistory history = TestHistory.of(ROUTES)) {
            Precondition read = tagOf(history, "accounts");

            history.canary("transactions", "26");

            assertThat(history.canaryIf("accounts", "7", read)).isInstanceOf(Outcome.Changed.class);
            assertThat(TestOutcomes.why(history.canaryIf("accounts", "8", read)))
                    .isEqualTo(Outcome.Why.STALE);
        }
    }

    @Test
    void a_routes_tag_says_nothing_of_the_whole_table() {
        try (TestHistory history = TestHistory.of(ROUTES)) {

            Outcome outcome = TestHistory.await(history.publisher.submit(
                    new FreezeChange(Optional.empty(), false), new Cause("alice", ""), tagOf(history, "accounts")));

            assertThat(TestOutcomes.why(outcome)).isEqualTo(Outcome.Why.STALE);
        }
    }
}
