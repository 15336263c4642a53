package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Share;
import org.junit.jupiter.api.Test;

class FilesTest {
    private static final String ACCOUNTS = "route accounts legacy=rails modern=modern canary=5";

    @Test
    void without_files_and_without_a_store_it_is_not_ready_and_says_why() {
        try (TestHistory history = TestHistory.empty()) {

            assertThat(history.publisher.notReady())
                    .hasValueSatisfying(why -> assertThat(why).contains("store is empty"));
            assertThat(TestOutcomes.why(history.freezeEverything(false))).isEqualTo(Outcome.Why.NOT_READY);
            assertThat(history.putInForce).isEmpty();
            assertThat(history.number()).isZero();
        }
    }

    @Test
    void a_broken_file_at_the_very_first_start_is_not_served_in_part() {
        try (TestHistory history = TestHistory.empty()) {
            history.files.put("00-platform.yaml", TestHistory.PLATFORM);
            history.save("squad.yaml", "oops");

            assertThat(history.number()).isZero();
            assertThat(history.publisher.notReady())
                    .hasValueSatisfying(why -> assertThat(why).contains("squad.yaml:2:1"));
            history.save("squad.yaml", "route accounts legacy=rails");
            assertThat(history.publisher.notReady()).isEmpty();
            assertThat(history.number()).isEqualTo(1);
        }
    }

    @Test
    void the_first_revision_names_what_it_brings() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {

            assertThat(history.changes())
                    .containsExactly(
                            "accounts: added (legacy rails, modern modern, canary 5%)",
                            "upstream modern: added (url http://127.0.0.1:8081)",
                            "upstream rails: added (url http://127.0.0.1:3000)",
                            "default: rails");
        }
    }

    @Test
    void a_squads_mistake_holds_back_its_own_file_and_nobody_elses() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.files.put("squad.yaml", "oops");

            history.save("other.yaml", "route other legacy=rails");

            assertThat(history.route("accounts").canary()).isEqualTo(new Share(500));
            assertThat(history.route("other")).isNotNull();
            assertThat(history.publisher.files().heldBack()).singleElement().satisfies(held -> {
                assertThat(held.file()).isEqualTo("squad.yaml");
                assertThat(held.problems())
                        .containsExactly(
                                "squad.yaml:2:1: oops: no such key of a routing file; fix: remove it; a routing file has banyan, default, paths, upstreams, routes");
            });
        }
    }

    @Test
    void a_new_file_that_breaks_another_is_held_back_although_the_other_is_blamed() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {

            history.save("00-a.yaml", ACCOUNTS);

            assertThat(history.publisher.files().heldBack())
                    .extracting(FilesStatus.HeldBack::file)
                    .containsExactly("00-a.yaml");
            assertThat(history.number()).isEqualTo(1);
        }
    }

    @Test
    void a_correction_clears_what_was_held_back() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.save("squad.yaml", "oops");

            history.saveRoutes(ACCOUNTS.replace("canary=5", "canary=6"));

            assertThat(history.publisher.files().heldBack()).isEmpty();
            assertThat(history.route("accounts").canary()).isEqualTo(new Share(600));
        }
    }

    @Test
    void a_file_that_says_the_same_in_other_words_makes_no_revision() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {

            assertThat(history.saveRoutes("# a comment", ACCOUNTS)).isInstanceOf(Outcome.Unchanged.class);
        }
    }

    @Test
    void a_restart_takes_the_last_revision_and_then_the_files_that_changed_meanwhile() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.canary("accounts", "9");
            Revision before = history.publisher.current();

            history.restart();

            assertThat(history.publisher.current()).isEqualTo(before);
            assertThat(history.publisher.notReady()).isEmpty();
            assertThat(history.save()).isInstanceOf(Outcome.Unchanged.class);
            history.save("other.yaml", "route other legacy=rails");
            assertThat(history.changes()).containsExactly("other: added (legacy rails, canary 0%)");
        }
    }

    @Test
    void a_broken_file_at_a_restart_is_served_with_its_last_good_content() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.restart();

            history.save("squad.yaml", "oops");

            assertThat(history.route("accounts").canary()).isEqualTo(new Share(500));
            assertThat(history.publisher.files().heldBack()).hasSize(1);
        }
    }

    @Test
    void an_empty_directory_takes_nothing_away() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.files.clear();

            history.save();

            assertThat(history.route("accounts")).isNotNull();
            assertThat(history.publisher.files().heldBack()).hasSize(2);
        }
    }

    @Test
    void a_file_that_is_deleted_takes_its_routes_with_it() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.save("other.yaml", "route other legacy=rails");
            history.files.remove("other.yaml");

            history.save();

            assertThat(history.changes()).containsExactly("other: removed");
        }
    }

    @Test
    void apply_takes_all_files_or_none() {
        try (TestHistory history = TestHistory.applied(ACCOUNTS)) {
            history.files.put("other.yaml", "route other legacy=rails");
            history.files.put("squad.yaml", "oops");

            Outcome outcome = history.apply();

            assertThat(TestOutcomes.why(outcome)).isEqualTo(Outcome.Why.INVALID);
            assertThat(TestOutcomes.refused(outcome).what()).contains("squad.yaml:2:1: oops");
            assertThat(history.number()).isEqualTo(1);
        }
    }

    @Test
    void a_store_that_fails_leaves_the_table_in_force_as_it_is() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.store.failing = true;

            Outcome outcome = history.canary("accounts", "9");

            assertThat(TestOutcomes.why(outcome)).isEqualTo(Outcome.Why.STORE_FAILED);
            assertThat(history.route("accounts").canary()).isEqualTo(new Share(500));
            assertThat(history.putInForce).hasSize(1);
            history.store.failing = false;
            assertThat(history.canary("accounts", "9")).isInstanceOf(Outcome.Changed.class);
            assertThat(history.publisher.notKept()).isEmpty();
        }
    }

    @Test
    void a_store_that_is_read_only_says_that_it_takes_a_restart() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            history.store.failing = true;
            history.store.readOnly = true;

            Outcome outcome = history.canary("accounts", "9");

            assertThat(TestOutcomes.refused(outcome).fix())
                    .startsWith("see to the disk of the data directory, then restart");
            assertThat(history.publisher.notKept())
                    .hasValueSatisfying(why -> assertThat(why.fix()).endsWith("then restart"));
        }
    }

    @Test
    void listeners_hear_of_a_revision_after_it_is_in_force() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            StringBuilder heard = new StringBuilder();
            history.publisher.onPublished(revision -> {
                throw new IllegalStateException("a listener's bug stops nobody");
            });
            history.publisher.onPublished(
                    revision -> heard.append(revision.number()).append(" of ").append(history.putInForce.size()));

            history.canary("accounts", "9");

            assertThat(heard.toString()).isEqualTo("2 of 2");
        }
    }

    @Test
    void the_history_is_paged_from_the_newest() {
        try (TestHistory history = TestHistory.of(ACCOUNTS)) {
            for (int percent = 10; percent < 15; percent++) {
                history.canary("accounts", Integer.toString(percent));
            }

            assertThat(history.publisher.history(Long.MAX_VALUE, 2))
                    .extracting(Revision::number)
                    .containsExactly(6L, 5L);
            assertThat(history.publisher.history(5, 10))
                    .extracting(Revision::number)
                    .containsExactly(4L, 3L, 2L, 1L);
            assertThat(history.publisher.find(3))
                    .hasValueSatisfying(revision -> assertThat(revision.table().routes())
                            .hasEntrySatisfying(
                                    "accounts",
                                    route -> assertThat(route.canary()).isEqualTo(new Share(1_100))));
            assertThat(history.publisher.find(7)).isEmpty();
        }
    }
}
