package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that show the table, against an admin API on a real socket. */
final class ViewsTest {
    private static final String ACCOUNTS = """
            {"id": "accounts", "stage": "legacy", "canary": 0, "frozen": false, "base": {"canary": 0}, "flags": {},
             "overridden": [], "traffic": {"legacy": {"requests": 10, "per_second": 1.25},
             "modern": {"requests": 0, "per_second": 0.00}}}""";
    private static final String TRANSACTIONS = """
            {"id": "transactions", "stage": "canary", "canary": 50, "owner": "legacy", "frozen": true,
             "freeze": {"with_writes": false}, "base": {"canary": 25, "writes": "legacy"},
             "flags": {"canary": {"percent": 50, "author": "alice", "reason": "two clean days",
                                  "since": "2026-03-01T10:00:00.123456Z"},
                       "freeze": {"with_writes": false, "author": "bob", "reason": "", "since": "2026-03-01T11:00:00Z"}},
             "overridden": ["canary"], "traffic": {"legacy": {"requests": 10, "per_second": 31.00},
             "modern": {"requests": 3, "per_second": 10.50}}}""";
    private static final String FILES = """
            {"held_back": [{"file": "routes/accounts.yaml",
                            "problems": ["routes/accounts.yaml:14:13: canary: 105% is too much; fix: write 5%"]}],
             "waiting": ["routes/transactions.yaml"]}""";
    private static final String TABLE = "{\"revision\": 42, \"pinned_to\": 40, \"routes\": [" + ACCOUNTS + ","
            + TRANSACTIONS + "], \"files\": " + FILES + "}";
    private static final String PLAIN_TABLE =
            "{\"revision\": 42, \"routes\": [" + ACCOUNTS + "], \"files\": {\"held_back\": [], \"waiting\": []}}";

    @TempDir
    private Path data;

    private FakeAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new FakeAdmin()
                .leavesItsAddressIn(data)
                .answers("GET /v1/table", TABLE)
                .answers(
                        "GET /v1/routes",
                        "{\"revision\": 42, \"pinned_to\": 40, \"routes\": [" + ACCOUNTS + "," + TRANSACTIONS
                                + "], \"default\": {\"upstream\": \"rails\","
                                + " \"traffic\": {\"legacy\": {\"requests\": 1, \"per_second\": 2.00}}}, \"files\": "
                                + FILES + "}")
                .answers("GET /v1/revisions?limit=20", """
                        {"revisions": [
                          {"revision": 42, "time": "2026-03-01T10:00:00.123Z", "author": "alice", "reason": "two clean days",
                           "changes": ["transactions: canary 25% -> 50% (flag)", "accounts: canary 0% -> 5%"]},
                          {"revision": 9, "time": "2026-02-28T09:30:00Z", "author": "files", "reason": "", "changes": []}],
                         "next": 9}""")
                .answers("GET /v1/diff?from=41&to=42", """
                        {"from": 41, "to": 42, "changes": [
                          {"of": "route", "id": "transactions", "change": "changed", "member": "canary", "from": 25, "to": 50},
                          {"of": "route", "id": "accounts", "change": "added", "to": {"id": "accounts"}},
                          {"of": "table", "change": "changed", "member": "freeze", "from": null, "to": {"with_writes": true}}],
                         "lines": ["accounts: added (legacy rails, canary 0%)", "transactions: canary 25% -> 50% (flag)",
                           "transactions: hold-body 64KiB -> 1MiB", "everything: frozen, with its writes"]}""");
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private CommandRun banyan(String... arguments) {
        return CommandRun.with(data, arguments);
    }

    @Test
    void routes_shows_stage_canary_owner_and_traffic_in_columns() {
        assertThat(banyan("routes").out()).startsWith("""
                        revision 42

                        ROUTE         STAGE   CANARY  OWNER   LEGACY/S  MODERN/S  NOTE
                        accounts      legacy      0%  -           1.25      0.00
                        transactions  canary     50%  legacy     31.00     10.50  frozen; its file says 25%
                        default       -            -  -           2.00         -  all that no route matches: to rails
                        """);
    }

    @Test
    void routes_shows_squads_where_any_route_has_one() {
        admin.answers(
                "GET /v1/routes",
                "{\"revision\": 42, \"routes\": ["
                        + TRANSACTIONS.replace(
                                "\"id\": \"transactions\"", "\"id\": \"transactions\", \"squad\": \"payments\"")
                        + "]}");

        assertThat(banyan("routes").out()).contains("ROUTE         SQUAD     STAGE", "transactions  payments  canary");
    }

    @Test
    void each_view_asks_for_the_table_once_however_many_routes_it_has() {
        for (String view : new String[] {"routes", "canary list"}) {
            int before = admin.asked().size();

            banyan(view.split(" "));

            assertThat(admin.asked()).as(view).hasSize(before + 1);
        }
    }

    @Test
    void routes_shows_that_a_flag_keeps_the_canary_although_the_file_says_the_same() {
        admin.answers(
                "GET /v1/routes",
                "{\"revision\": 42, \"routes\": ["
                        + TRANSACTIONS
                                .replace("\"canary\": 25", "\"canary\": 50")
                                .replace("[\"canary\"]", "[]") + "]}");

        assertThat(banyan("routes").out()).contains("frozen; a flag keeps the canary, its file says the same\n");
    }

    @Test
    void every_view_tells_that_nothing_is_taken_from_the_directory() {
        String table = PLAIN_TABLE.replace(
                "\"waiting\": []",
                "\"waiting\": [], \"not_taken\": \"routes:1:1: cannot be listed: there is none; fix: x\"");
        admin.answers("GET /v1/table", table).answers("GET /v1/routes", table);

        for (String view : new String[] {"routes", "canary list", "revisions"}) {
            assertThat(banyan(view.split(" ")).out()).as(view).endsWith("""

                            nothing is taken from the routes directory, what is in force goes on:
                              routes:1:1: cannot be listed: there is none; fix: x
                            """);
        }
    }

    @Test
    void every_view_tells_pins_freezes_flags_and_files_held_back_or_waiting() {
        for (String view : new String[] {"routes", "canary list", "revisions"}) {
            assertThat(banyan(view.split(" ")).out()).as(view).endsWith("""

                            pinned to revision 40: changed files wait until `banyan unpin`; flags and freeze go on working
                            transactions is frozen (bob, 2026-03-01T11:00:00Z); `banyan thaw transactions` ends it
                            transactions: canary is 50% by a flag (alice, 2026-03-01T10:00:00Z: two clean days), its file says 25%
                            routes/accounts.yaml is held back; its last good content stays in force:
                              routes/accounts.yaml:14:13: canary: 105% is too much; fix: write 5%
                            routes/transactions.yaml has changed and waits for `banyan unpin`
                            """);
        }
    }

    @Test
    void a_view_says_no_more_where_all_is_as_the_files_say() {
        admin.answers("GET /v1/table", PLAIN_TABLE);

        assertThat(banyan("canary", "list").out()).isEqualTo("""
                        ROUTE     CANARY  FILE  FLAG
                        accounts      0%    0%  none
                        """);
    }

    @Test
    void canary_list_shows_who_set_a_flag_when_and_why() {
        assertThat(banyan("canary", "list").out())
                .contains("transactions     50%   25%  alice, 2026-03-01T10:00:00Z: two clean days");
    }

    @Test
    void revisions_take_a_line_each_newest_first_and_say_how_to_see_older_ones() {
        assertThat(banyan("revisions").out()).startsWith("""
                        REVISION  TIME                 AUTHOR  REASON          CHANGES
                              42  2026-03-01 10:00:00  alice   two clean days  transactions: canary 25% -> 50% (flag), and 1 more
                               9  2026-02-28 09:30:00  files
                        older ones: --before 9
                        """);
    }

    @Test
    void revisions_show_every_change_where_asked_to() {
        assertThat(banyan("revisions", "--all-changes").out()).startsWith("""
                        REVISION  TIME                 AUTHOR  REASON          CHANGES
                              42  2026-03-01 10:00:00  alice   two clean days  transactions: canary 25% -> 50% (flag)
                                                                               accounts: canary 0% -> 5%
                               9  2026-02-28 09:30:00  files
                        older ones: --before 9
                        """);
    }

    @Test
    void diff_says_what_is_different_in_the_words_of_a_file() {
        assertThat(banyan("diff", "41", "42").out()).isEqualTo("""
                        accounts: added (legacy rails, canary 0%)
                        transactions: canary 25% -> 50% (flag)
                        transactions: hold-body 64KiB -> 1MiB
                        everything: frozen, with its writes
                        """);
    }

    @Test
    void with_json_views_keep_the_field_names_of_the_admin_api() {
        assertThat(banyan("routes", "--json").out())
                .contains("\"per_second\" : 31.00", "\"held_back\"", "\"pinned_to\" : 40");
        assertThat(banyan("canary", "list", "--json").out())
                .contains("\"base\"", "\"author\" : \"alice\"", "\"pinned_to\" : 40")
                .doesNotContain("traffic");
        assertThat(banyan("revisions", "--json").out()).contains("\"next\" : 9");
        assertThat(banyan("diff", "41", "42", "--json").out()).contains("\"member\" : \"canary\"");
    }

    @Test
    void explain_asks_with_headers_and_user_and_tells_the_steps() {
        admin.answers("POST /v1/explain", """
                {"revision": 42, "route": "transactions", "side": "modern", "upstream": "transactions",
                 "reason": "canary", "bucket": 1207, "sent": {"method": "GET", "path": "/api/transactions/42"},
                 "steps": ["matched GET /api/transactions/{id}", "bucket 1207 is under 2500"]}""");

        CommandRun run = banyan(
                "explain",
                "GET /api/transactions/42?full=1",
                "--user",
                "7",
                "--header",
                "X-A: 1",
                "--header",
                "x-a: 2");

        assertThat(run.out()).isEqualTo("""
                        route     transactions
                        side      modern
                        upstream  transactions
                        reason    canary
                        bucket    1207
                        sent as   GET /api/transactions/42

                         1. matched GET /api/transactions/{id}
                         2. bucket 1207 is under 2500
                        """);
        assertThat(admin.asked())
                .containsExactly("POST /v1/explain {\"request\":\"GET /api/transactions/42?full=1\",\"user\":\"7\","
                        + "\"headers\":{\"x-a\":\"1, 2\"}}");
    }

    @Test
    void explain_shows_flags_candidates_and_how_the_upstream_stands() {
        admin.answers("POST /v1/explain", """
                {"revision": 42, "route": "transactions", "side": "modern", "upstream": "transactions",
                 "reason": "canary", "bucket": 1207,
                 "flags": {"canary": {"percent": 25, "author": "ann", "since": "2026-01-02T03:04:05Z",
                                      "reason": "slowly"}, "owner": "legacy"},
                 "upstream_state": {"breaker": "closed", "chosen": "one of 2, by least-requests", "endpoints": [
                   {"address": "http://127.0.0.1:8082", "state": "ready"},
                   {"address": "http://127.0.0.1:8083", "state": "ready"}]},
                 "candidates": [{"route": "rest", "match": "/api/**", "lost": "it is less specific"}],
                 "steps": ["path: /api"]}""");

        CommandRun run = banyan("explain", "GET /api/transactions/42");

        assertThat(run.out()).isEqualTo("""
                route     transactions
                side      modern
                upstream  transactions
                reason    canary
                bucket    1207
                breaker   closed
                endpoint  http://127.0.0.1:8082  ready
                endpoint  http://127.0.0.1:8083  ready
                chosen    one of 2, by least-requests
                flag      canary 25% (ann, 2026-01-02T03:04:05Z: slowly)
                flag      owner legacy

                CANDIDATE  MATCH    WHY IT LOST
                rest       /api/**  it is less specific

                 1. path: /api
                """);
    }

    @Test
    void explain_asks_for_a_whole_url_with_its_host_and_tls() {
        admin.answers("POST /v1/explain", "{\"steps\": []}");

        banyan("explain", "https://Shop.example/api?page=1", "--header", "Host: other.example");

        assertThat(admin.asked())
                .containsExactly("POST /v1/explain {\"request\":\"GET /api?page=1\",\"tls\":true,"
                        + "\"headers\":{\"host\":\"Shop.example\"}}");
    }
}
