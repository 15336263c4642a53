package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code banyan plan} and {@code banyan apply} against an admin API that says what it is told to. */
final class PlanAndApplyTest {
    private static final String PLAN = """
            {"revision": 42, "possible": %s, "changes_anything": true, "problems": [%s], "warnings": ["w"], "notes": [],
             "counted": {"since": "2026-01-02T03:04:05.678Z", "requests": 20000, "enough": true},
             "moved": {"requests": 800, "unsafe": 1, "share": 4},
             "routes": [{"id": "transactions", "change": "changed", "lines": ["canary 10%% -> 30%%"],
               "canary": {"from": 10, "to": 30},
               "counted": {"since": "2026-01-02T03:04:05Z", "requests": 4000},
               "moved": {"requests": 800, "unsafe": 1, "share_of_route": 20, "share_of_all": 4, "expected_more": 7},
               "moves": [{"from": {"side": "legacy", "upstream": "rails"},
                          "to": {"side": "modern", "upstream": "transactions"},
                          "buckets": [[1000, 2999]], "buckets_seen": 391, "safe": 799, "unsafe": 1,
                          "without_bucket": 0}],
               "pilots": [{"key": "user:42", "bucket": 9891, "from": "legacy", "to": "modern"}],
               "strands": "x", "notes": ["n"]}],
             "others": ["upstream rails: keep-alive 15s -> 20s"]}""";

    @TempDir
    private Path data;

    @TempDir
    private Path routes;

    private FakeAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new FakeAdmin().leavesItsAddressIn(data);
        Files.writeString(routes.resolve("a.yaml"), "banyan: 1\n");
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void plan_says_whose_a_route_is() {
        admin.answers(
                "POST /v1/plan",
                PLAN.formatted("true", "")
                        .replace("\"change\": \"changed\"", "\"squad\": \"payments\", \"change\": \"changed\""));

        assertThat(banyan("plan", routes.toString()).out()).contains("\ntransactions (payments): changed\n");
    }

    @Test
    void plan_sends_the_files_and_says_whom_they_move() {
        admin.answers("POST /v1/plan", PLAN.formatted("true", ""));

        CommandRun run = banyan("plan", routes.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                against revision 42: moves 800 requests (1 unsafe), 4% of all 20000 counted since 2026-01-02T03:04:05Z

                transactions: changed
                  canary 10% -> 30%
                  buckets 1000..2999: legacy (rails) -> modern (transactions), 391 of them seen
                  moves 800 requests (1 unsafe), 20% of its 4000 counted since 2026-01-02T03:04:05Z, 4% of all
                  and about 7 more by chance, of users whose bucket is not known
                  pilot user:42 (bucket 9891): legacy -> modern
                  strands writes: x
                  note: n
                upstream rails: keep-alive 15s -> 20s
                warning: w
                """);
        assertThat(admin.asked())
                .containsExactly("POST /v1/plan {\"files\":{\"" + routes.resolve("a.yaml") + "\":\"banyan: 1\\n\"}}");
    }

    @Test
    void plan_fails_where_the_change_would_be_refused() {
        admin.answers("POST /v1/plan", PLAN.formatted("false", "\"a.yaml:1:1: no; fix: yes\""));

        CommandRun run = banyan("plan", routes.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).startsWith("a.yaml:1:1: no; fix: yes\nthis would be refused\n");
    }

    @Test
    void plan_says_that_it_has_no_data() {
        admin.answers("POST /v1/plan", """
                {"revision": 42, "possible": true, "changes_anything": true,
                 "counted": {"since": "2026-01-02T03:04:05Z", "requests": 0, "enough": false},
                 "moved": {"requests": 0, "unsafe": 0, "share": 0},
                 "routes": [{"id": "t", "change": "changed", "lines": [],
                   "counted": {"since": "2026-01-02T03:04:05Z", "requests": 0}, "moved": {}}]}""");

        assertThat(banyan("plan", routes.toString()).out())
                .contains(
                        "no data to speak of: fewer than 100 requests were counted",
                        "no data: no request of it was counted since 2026-01-02T03:04:05Z");
    }

    @Test
    void plan_says_that_nothing_changes_and_that_is_no_failure() {
        admin.answers("POST /v1/plan", "{\"revision\": 42, \"possible\": true, \"changes_anything\": false}");

        CommandRun run = banyan("plan", routes.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("no change against revision 42\n");
    }

    @Test
    void apply_shows_the_plan_and_sends_the_revision_that_it_was_against() {
        admin.answers("POST /v1/plan", PLAN.formatted("true", ""))
                .answers(
                        "POST /v1/apply",
                        "{\"revision\": 43, \"changed\": true, \"changes\": [\"t: canary 10% -> 30%\"]}");

        CommandRun run = banyan("apply", routes.toString(), "--reason", "parity holds");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("against revision 42: ")
                .endsWith("revision 43 is in force\n  t: canary 10% -> 30%\n");
        assertThat(admin.asked().get(1)).startsWith("POST /v1/apply ").endsWith(",\"reason\":\"parity holds\"}");
        assertThat(admin.ifMatch()).containsExactly("\"42\"");
    }

    @Test
    void apply_that_is_refused_tells_every_problem() {
        admin.answers("POST /v1/plan", PLAN.formatted("true", ""))
                .refuses(
                        "POST /v1/apply",
                        412,
                        "{\"title\":\"The table has changed since\",\"status\":412,\"fix\":\"look\"}");

        CommandRun run = banyan("apply", routes.toString(), "--reason", "x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("The table has changed since", "fix: look");
    }

    @Test
    void a_directory_without_files_is_not_sent() throws Exception {
        Files.delete(routes.resolve("a.yaml"));

        CommandRun run = banyan("plan", routes.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no *.yaml in it");
        assertThat(admin.asked()).isEmpty();
    }

    private CommandRun banyan(String... arguments) {
        return CommandRun.with(data, arguments);
    }
}
