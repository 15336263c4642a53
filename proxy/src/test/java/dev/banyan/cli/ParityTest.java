package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs, what of it is known, and the line that leaves it out, against an admin API on a real socket. */
final class ParityTest {
    private static final String CHANGED = """
            {"revision": 43, "changed": true, "changes": ["transactions: difference in $.a known until 2027-01-31 (of ann)"]}""";

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
    void one_route_is_told_with_what_differs_what_is_known_and_what_was_compared() {
        admin.answers("GET /v1/parity?route=transactions&since=40&window=2h", """
                {"revision": 44, "routes": [
                 {"id": "transactions", "shadow": 10, "since_revision": 40, "matched": 84, "late": 5, "noisy": 3, "known": 8, "undecided": 1, "different": 2, "failed": 1,
                  "legacy_asked_twice": 30,
                  "not_compared": {"conditional": 4}, "parity": {"percent": 98, "lower": 93.1, "upper": 99.4},
                  "verdict": "undecided", "needs": 7000,
                  "coverage": {"matches": [{"match": "GET /a", "compared": 100, "different": 2}],
                               "answers": {"200 application/json": 98, "404 application/json": 2}, "users": 60, "targets": 3},
                  "differences": [
                   {"match": "GET /a", "fields": [{"field": "$.a", "kind": "value", "legacy": "number", "modern": "text of 3"}],
                    "known": {"field": "$.a", "owner": "ann", "until": "2027-01-31", "author": "bob", "reason": "MON-12",
                              "since": "2026-03-01T12:00:00Z"},
                    "count": 8, "users": 5, "first_seen": "2026-03-01T12:00:00Z", "last_seen": "2026-03-01T12:00:00Z",
                    "first_revision": 40, "samples": [{"request_id": "r-1", "time": "2026-03-01T12:00:00Z"}]}],
                  "more_differences": false}]}""");

        CommandRun run = banyan("parity", "transactions", "--since", "40", "--window", "2h");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "transactions     10%       100          2          1     5      8       1  98% (93.1% to 99.4%)")
                .contains("undecided, needs about 7000 more equal answers")
                .contains("  $.a: value (legacy: number, modern: text of 3) in 8 answers to GET /a, about 5 users")
                .contains("    known until 2027-01-31, of ann: MON-12 (bob)")
                .contains("    request r-1")
                .contains("  compared: 100 answers to GET /a")
                .contains("  legacy answered 98 times 200 application/json, 2 times 404 application/json,"
                        + " to about 60 users for about 3 targets")
                .contains("  not compared: 4 conditional");
    }

    @Test
    void known_says_who_until_when_and_why_and_takes_it_back() {
        admin.answers("PUT /v1/routes/transactions/known", CHANGED)
                .answers("DELETE /v1/routes/transactions/known", CHANGED);

        CommandRun known = banyan(
                "parity", "known", "transactions", "$.a", "--owner", "ann", "--until", "2027-01-31", "--why", "MON-12");
        CommandRun cleared = banyan("parity", "known", "transactions", "$.a", "--clear", "--why", "mended");
        CommandRun without = banyan("parity", "known", "transactions", "$.a", "--owner", "ann");

        assertThat(known.exitCode()).as(known.err()).isZero();
        assertThat(known.out()).contains("revision 43 is in force");
        assertThat(cleared.exitCode()).isZero();
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err())
                .contains("--until: missing (expected: --owner WHO --until DAY --why WHY, or --clear)");
        assertThat(admin.asked())
                .containsExactly(
                        "PUT /v1/routes/transactions/known"
                                + " {\"field\":\"$.a\",\"owner\":\"ann\",\"until\":\"2027-01-31\",\"reason\":\"MON-12\"}",
                        "DELETE /v1/routes/transactions/known {\"field\":\"$.a\",\"reason\":\"mended\"}");
    }

    @Test
    void ignore_prints_the_line_that_the_file_needs_with_what_it_says_already() {
        admin.answers("GET /v1/routes/transactions", """
                {"id": "transactions", "shadowing": {"ignore": ["$.at", {"field": "$.b", "until": "2027-01-01", "why": "MON-1"}]}}""");

        CommandRun bare = banyan("parity", "transactions", "--ignore", "$.items[*].amount");
        CommandRun dated =
                banyan("parity", "transactions", "--ignore", "$.b", "--until", "2027-02-01", "--why", "MON-12: later");
        CommandRun ofAPage = banyan("parity", "transactions", "--ignore", "table#orders > tbody > tr > td.amount");
        CommandRun noDay = banyan("parity", "transactions", "--ignore", "$.b", "--until", "2027-02-30");
        CommandRun noPlace = banyan("parity", "transactions", "--ignore", "status");
        CommandRun noRoute = banyan("parity", "--ignore", "$.b");

        assertThat(bare.out())
                .contains("  ignore: [ $.at, { field: $.b, until: 2027-01-01, why: MON-1 }, \"$.items[*].amount\" ]\n");
        assertThat(dated.out())
                .contains("  ignore: [ $.at, { field: $.b, until: 2027-02-01, why: \"MON-12: later\" } ]\n");
        assertThat(noDay.err()).contains("--until: 2027-02-30 (expected: a day such as 2027-01-31)");
        assertThat(ofAPage.out()).contains("\"table#orders > tbody > tr > td.amount\" ]\n");
        assertThat(noPlace.err()).contains("--ignore: status (expected: a path such as $.items[*].id, or header NAME;");
        assertThat(noRoute.err()).contains("--ignore: of which route?");
        assertThat(noRoute.exitCode()).isEqualTo(2);
    }
}
