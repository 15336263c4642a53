package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners and shadows, against an admin API on a real socket. */
final class WritesTest {
    private static final String CHANGED = """
            {"revision": 43, "changed": true, "changes": ["transactions: owner legacy -> modern"]}""";

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
    void writes_shows_the_owners_and_what_modern_took() {
        admin.answers("GET /v1/writes", """
                {"revision": 44, "moving": {"route": "accounts", "owner": "modern", "author": "bob", "since": "2026-03-01T12:00:00Z"},
                 "routes": [
                  {"id": "accounts", "owner": "legacy", "gate": "closed", "under_way": {"legacy": 2, "modern": 0}, "refused": 17},
                  {"id": "budgets", "owner": "either"},
                  {"id": "transactions", "owner": "modern", "gate": "open", "under_way": {"legacy": 0, "modern": 0}, "refused": 0,
                   "modern_took": {"writes": 340, "of_nobody": 0, "users": 12, "exact": false, "since_revision": 42,
                                   "since": "2026-03-01T12:00:00Z"}}]}""");

        CommandRun run = banyan("writes");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                ROUTE         OWNER   GATE    UNDER WAY           MODERN TOOK
                accounts      legacy  closed  2 legacy, 0 modern  -
                budgets       either  -       -                   -
                transactions  modern  open    0                   at least 340 writes of about 12 users since revision 42

                accounts is being moved to modern, by bob since 2026-03-01T12:00:00Z; its writes are refused meanwhile
                """);
        assertThat(banyan("writes", "--json").out()).contains("\"since_revision\" : 42");
    }

    @Test
    void writes_move_sends_what_was_said_and_tells_the_new_revision() {
        admin.answers("PUT /v1/routes/transactions/owner", CHANGED);

        CommandRun run = banyan("writes", "move", "transactions", "modern", "--reason", "all there");
        banyan(
                "writes",
                "move",
                "transactions",
                "legacy",
                "--reason",
                "wrong",
                "--accept-stranded-writes",
                "--readers-may-lag",
                "--wait",
                "5s");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("revision 43 is in force\n  transactions: owner legacy -> modern\n");
        assertThat(admin.asked())
                .containsExactly(
                        "PUT /v1/routes/transactions/owner"
                                + " {\"owner\":\"modern\",\"reason\":\"all there\",\"wait_seconds\":30}",
                        "PUT /v1/routes/transactions/owner {\"owner\":\"legacy\",\"reason\":\"wrong\","
                                + "\"readers_may_lag\":true,\"accept_stranded_writes\":true,\"wait_seconds\":5}");
    }

    @Test
    void a_refused_move_tells_the_counts_and_exits_with_1() {
        admin.refuses("PUT /v1/routes/transactions/owner", 409, """
                {"title": "Strands writes", "status": 409, "type": "/problems/strands-writes",
                 "detail": "transactions: its writes would go to legacy; strands 340 writes of about 12 users since revision 42",
                 "fix": "say --accept-stranded-writes if its users may do without what modern took"}""");

        CommandRun run = banyan("writes", "move", "transactions", "legacy", "--reason", "x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("strands 340 writes of about 12 users since revision 42")
                .contains("fix: say --accept-stranded-writes");
    }

    @Test
    void a_side_or_a_wait_that_is_none_is_bad_usage() {
        CommandRun side = banyan("writes", "move", "transactions", "left", "--reason", "x");
        CommandRun wait = banyan("writes", "move", "transactions", "modern", "--reason", "x", "--wait", "1h");

        assertThat(side.exitCode()).isEqualTo(2);
        assertThat(side.err()).contains("'left' is not a side (expected: legacy or modern)");
        assertThat(wait.exitCode()).isEqualTo(2);
        assertThat(wait.err()).contains("'1h' is not a time to wait (expected: 1s to 45s)");
    }

    @Test
    void every_command_that_may_strand_takes_the_word_for_it() {
        admin.answers("PUT /v1/routes/t/canary", CHANGED)
                .answers("DELETE /v1/routes/t/canary", CHANGED)
                .answers("GET /v1/routes/t", "{}")
                .answers("POST /v1/rollback", CHANGED);

        banyan("canary", "set", "t", "5%", "--reason", "x", "--accept-stranded-writes");
        banyan("canary", "clear", "t", "--reason", "x", "--accept-stranded-writes");
        banyan("rollback", "4", "--reason", "x", "--accept-stranded-writes");

        assertThat(admin.asked().stream().filter(asked -> !asked.startsWith("GET")))
                .hasSize(3)
                .allMatch(asked -> asked.contains("\"accept_stranded_writes\":true"));
    }

    @Test
    void shadow_set_and_clear_send_the_flag() {
        admin.answers("PUT /v1/routes/transactions/shadow", """
                        {"revision": 43, "changed": true, "changes": ["transactions: shadow.share 0% -> 10% (flag)"]}""")
                .answers(
                        "DELETE /v1/routes/transactions/shadow",
                        "{\"revision\": 44, \"changed\": true, \"changes\": []}");

        CommandRun set = banyan("shadow", "set", "transactions", "10%", "--reason", "before the first canary");
        CommandRun clear = banyan("shadow", "clear", "transactions");

        assertThat(set.out()).contains("revision 43 is in force", "shadow.share 0% -> 10%");
        assertThat(clear.exitCode()).isZero();
        assertThat(admin.asked())
                .containsExactly(
                        "PUT /v1/routes/transactions/shadow {\"percent\":10,\"reason\":\"before the first canary\"}",
                        "DELETE /v1/routes/transactions/shadow {}");
    }
}
