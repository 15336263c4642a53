package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code banyan audit}, against an admin API on a real socket. */
final class AuditCommandTest {
    private static final String FIRST = """
            {"entries": [
              {"id": 900, "time": "2026-03-01T11:00:00Z", "who": "squad-money", "from": "10.0.0.7",
               "what": "canary set transactions 50%", "reason": "two clean days", "result": "done",
               "revision_before": 41, "revision_after": 42},
              {"id": 800, "time": "2026-03-01T10:00:00Z", "who": "looker", "from": "10.0.0.8", "what": "freeze",
               "reason": "", "result": "refused", "status": 403, "problem": "role-too-low"}],
             "next": 800}""";
    private static final String SECOND = """
            {"entries": [
              {"id": 1, "time": "2026-03-01T09:00:00Z", "who": "files", "from": "this proxy", "what": "goals: added",
               "reason": "changed: goals.yaml", "result": "done", "revision_before": 40, "revision_after": 41}]}""";

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

    private CommandRun audit(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "audit";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--data";
        all[all.length - 1] = data.toString();
        return CommandRun.of(all);
    }

    @Test
    void it_follows_the_pages_and_tells_who_what_why_and_what_came_of_it() {
        admin.answers("GET /v1/audit?limit=50", FIRST).answers("GET /v1/audit?limit=48&before=800", SECOND);

        CommandRun run = audit();

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "TIME                 WHO          FROM        WHAT                         WHY                  RESULT                 REVISION",
                        "2026-03-01 11:00:00  squad-money  10.0.0.7    canary set transactions 50%  two clean days       done                   41 -> 42",
                        "2026-03-01 10:00:00  looker       10.0.0.8    freeze                                            refused: role-too-low  -",
                        "2026-03-01 09:00:00  files        this proxy  goals: added                 changed: goals.yaml  done                   40 -> 41");
    }

    @Test
    void it_ends_at_the_limit_and_says_that_there_is_more() {
        admin.answers("GET /v1/audit?limit=2", FIRST);

        CommandRun run = audit("--limit", "2");

        assertThat(run.out()).contains("there are older ones: --limit 4 shows more");
        assertThat(admin.asked()).containsExactly("GET /v1/audit?limit=2");
    }

    @Test
    void a_route_and_a_time_are_asked_for_on_every_page() {
        String filter = "&route=transactions&since=2026-03-01T10:00:00Z";
        admin.answers("GET /v1/audit?limit=50" + filter, FIRST)
                .answers("GET /v1/audit?limit=48&before=800" + filter, SECOND);

        CommandRun run = audit("--route", "transactions", "--since", "2h", "--json");

        assertThat(run.out()).contains("\"id\" : 900", "\"id\" : 1").doesNotContain("next");
        assertThat(admin.asked()).hasSize(2);
    }

    @Test
    void a_day_and_an_instant_are_times_too_and_anything_else_is_bad_usage() {
        admin.answers("GET /v1/audit?limit=50&since=2026-02-01T00:00:00Z", SECOND)
                .answers("GET /v1/audit?limit=50&since=2026-02-01T12:30:00Z", SECOND);

        assertThat(audit("--since", "2026-02-01").exitCode()).isZero();
        assertThat(audit("--since", "2026-02-01T12:30:00Z").exitCode()).isZero();
        assertThat(audit("--since", "yesterday").exitCode()).isEqualTo(2);
        assertThat(audit("--limit", "0").exitCode()).isEqualTo(2);
    }
}
