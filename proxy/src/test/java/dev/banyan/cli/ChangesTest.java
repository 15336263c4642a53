package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that change the table, against an admin API on a real socket. */
final class ChangesTest {
    @TempDir
    private Path data;

    private FakeAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new FakeAdmin().leavesItsAddressIn(data);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private CommandRun banyan(String... arguments) {
        return CommandRun.with(data, arguments);
    }

    @Test
    void canary_set_sends_the_share_and_the_reason_and_tells_the_new_revision() {
        admin.answers("PUT /v1/routes/transactions/canary", """
                {"revision": 43, "changed": true, "changes": ["transactions: canary 25% -> 50% (flag)"]}""");

        CommandRun run = banyan("canary", "set", "transactions", "50%", "--reason", "two clean days");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("revision 43 is in force\n  transactions: canary 25% -> 50% (flag)\n");
        assertThat(admin.asked())
                .containsExactly("PUT /v1/routes/transactions/canary {\"percent\":50,\"reason\":\"two clean days\"}");
    }

    @Test
    void a_hundredth_of_a_percent_arrives_as_it_was_typed() {
        admin.answers("PUT /v1/routes/transactions/canary", "{\"revision\": 43, \"changed\": true, \"changes\": []}");

        banyan("canary", "set", "transactions", "0.05%", "--reason", "x");

        assertThat(admin.asked()).allMatch(asked -> asked.contains("\"percent\":0.05,"));
    }

    @Test
    void a_change_that_changes_nothing_says_so_and_is_no_failure() {
        admin.answers("PUT /v1/routes/transactions/canary", "{\"revision\": 42, \"changed\": false, \"changes\": []}");

        CommandRun run = banyan("canary", "set", "transactions", "25", "--reason", "again");

        assertThat(run.out())
                .isEqualTo(
                        "nothing to change: the canary flag says 25% already, in revision 42\nnote: 25 was taken as 25% of all users\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void a_share_without_its_sign_is_percent_and_what_was_taken_is_said() {
        admin.answers("PUT /v1/routes/transactions/canary", """
                {"revision": 43, "changed": true, "changes": ["transactions: canary 25% -> 0.5% (flag)"]}""");

        CommandRun run = banyan("canary", "set", "transactions", "0.5", "--reason", "x");

        assertThat(run.out()).isEqualTo("""
                revision 43 is in force
                  transactions: canary 25% -> 0.5% (flag)
                note: 0.5 was taken as 0.5% of all users
                """);
        assertThat(admin.asked()).allMatch(asked -> asked.contains("\"percent\":0.5,"));
    }

    @Test
    void clearing_a_flag_that_is_not_there_says_that_there_is_none() {
        admin.answers("DELETE /v1/routes/transactions/shadow", """
                {"revision": 42, "changed": false, "changes": []}""");

        CommandRun run = banyan("shadow", "clear", "transactions");

        assertThat(run.out()).isEqualTo("nothing to change: there is no shadow flag, in revision 42\n");
    }

    @Test
    void canary_clear_says_where_the_canary_jumps_to() {
        admin.answers("DELETE /v1/routes/transactions/canary", """
                        {"revision": 44, "changed": true, "changes": ["transactions: canary 50% -> 25%"]}""")
                .answers(
                        "GET /v1/routes/transactions",
                        "{\"id\": \"transactions\", \"canary\": 25, \"base\": {\"canary\": 25}}");

        CommandRun run = banyan("canary", "clear", "transactions", "--reason", "done");

        assertThat(run.out()).contains("transactions: the canary is now 25%, as its file says");
        assertThat(admin.asked()).contains("DELETE /v1/routes/transactions/canary {\"reason\":\"done\"}");
    }

    @Test
    void freeze_says_what_load_legacy_gets_and_how_to_end_it() {
        admin.answers("PUT /v1/routes/transactions/freeze", """
                {"revision": 45, "changed": true, "changes": ["transactions: frozen"], "legacy_gets_per_second": 12.50}""");

        CommandRun run = banyan("freeze", "transactions", "--with-writes", "--reason", "it burns");

        assertThat(run.out())
                .contains("legacy gets 12.50 requests/s that modern answered in the last minute")
                .contains("end it with `banyan thaw transactions`");
        assertThat(admin.asked())
                .containsExactly("PUT /v1/routes/transactions/freeze {\"with_writes\":true,\"reason\":\"it burns\"}");
    }

    @Test
    void freeze_and_thaw_without_a_route_mean_everything_and_need_no_reason() {
        admin.answers("PUT /v1/freeze", "{\"revision\": 46, \"changed\": true, \"changes\": [\"everything: frozen\"]}")
                .answers(
                        "DELETE /v1/freeze",
                        "{\"revision\": 47, \"changed\": true, \"changes\": [\"everything: thawed\"]}");

        CommandRun frozen = banyan("freeze");
        CommandRun thawed = banyan("thaw");

        assertThat(frozen.exitCode()).isZero();
        assertThat(thawed.exitCode()).isZero();
        assertThat(admin.asked()).containsExactly("PUT /v1/freeze {\"with_writes\":false}", "DELETE /v1/freeze {}");
    }

    @Test
    void rollback_says_that_it_is_pinned_and_how_to_unpin() {
        admin.answers("POST /v1/rollback", """
                {"revision": 48, "changed": true, "changes": ["transactions: canary 50% -> 25%"], "pinned_to": 41}""");

        CommandRun run = banyan("rollback", "41", "--route", "transactions", "--reason", "refunds broke");

        assertThat(run.out()).contains("pinned to revision 41: changed files wait until `banyan unpin`");
        assertThat(admin.asked())
                .containsExactly(
                        "POST /v1/rollback {\"revision\":41,\"route\":\"transactions\",\"reason\":\"refunds broke\"}");
    }

    @Test
    void unpin_tells_what_the_files_brought() {
        admin.answers(
                "POST /v1/unpin",
                "{\"revision\": 49, \"changed\": true, \"changes\": [\"accounts: canary 0% -> 5%\"]}");

        assertThat(banyan("unpin").out()).contains("revision 49 is in force").contains("accounts: canary 0% -> 5%");
    }

    @Test
    void with_json_the_answer_comes_whole_with_numbers_digit_by_digit() {
        admin.answers("PUT /v1/freeze", "{\"revision\": 45, \"changed\": true, \"legacy_gets_per_second\": 12.50}");

        CommandRun run = banyan("freeze", "--json");

        assertThat(run.out().replaceAll("\\s", ""))
                .isEqualTo("{\"revision\":45,\"changed\":true,\"legacy_gets_per_second\":12.50}");
    }

    @Test
    void a_refusal_is_told_as_what_where_and_fix_with_nothing_lost_and_exit_code_1() {
        admin.refuses("PUT /v1/routes/transactions/canary", 409, """
                {"type": "/problems/strands-writes", "title": "It would strand writes", "status": 409,
                 "detail": "12 users wrote to modern.", "users": 12, "sample": {"route": "transactions"},
                 "problems": ["one; fix: a", "two; fix: b"],
                 "fix": "run `banyan writes move transactions legacy`"}""");

        CommandRun run = banyan("canary", "set", "transactions", "5%", "--reason", "x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        banyan: It would strand writes: 12 users wrote to modern.
                          - one; fix: a
                          - two; fix: b
                          where: %s answered 409
                          users: 12
                          sample: {"route":"transactions"}
                          fix: run `banyan writes move transactions legacy`
                        """.formatted(admin.url()));
    }

    @Test
    void escape_sequences_in_somebody_elses_text_do_not_reach_the_terminal() {
        admin.answers("POST /v1/unpin", "{\"revision\": 1, \"changes\": [\"\\u001b[31mred\\u009b0m\"]}");

        assertThat(banyan("unpin").out()).doesNotContain("\u001b", "\u009b").contains("[31mred");
        assertThat(banyan("unpin", "--json").out()).doesNotContain("\u001b", "\u009b");
    }
}
