package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving a file is a change, or is refused; a rollback holds files back until it is unpinned. */
class EditedFilesTest {
    /** A save is in force, or refused in log and API, within that time. */
    private static final Duration SAVED = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    @Test
    void a_saved_file_is_in_force_within_two_seconds() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            proxy.write("transactions.yaml", proxy.transactionsYaml("100%"));

            await().atMost(SAVED).until(() -> proxy.sideOf("7").equals("modern"));
        }
    }

    @Test
    void a_broken_file_holds_back_itself_and_nobody_else() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            proxy.write("transactions.yaml", proxy.transactionsYaml("105%"));
            proxy.write("goals.yaml", """
                    banyan: 1
                    routes:
                      goals:
                        match: [ GET /api/goals ]
                        legacy: rails
                    """);

            await().atMost(SAVED)
                    .until(() -> proxy.admin("GET", "/v1/routes/goals", "").statusCode() == 200);
            assertThat(proxy.admin("GET", "/v1/table", "").body())
                    .containsPattern("transactions.yaml:9:[0-9]+: .*105%.*fix: ");
            assertThat(proxy.admin("GET", "/v1/routes/transactions", "").body()).contains("25");
        }
    }

    @Test
    void what_a_file_ignores_is_shown_with_the_time_of_the_revision_that_first_did() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            String ignoring = proxy.transactionsYaml("10%")
                    .replace("    canary: 10%", "    canary: 10%\n    shadow: { ignore: [ $.at ] }");

            proxy.write("transactions.yaml", ignoring);
            await().atMost(SAVED).until(() -> parity(proxy).contains("\"$.at\""));
            String first = proxy.admin("GET", "/v1/revisions/2", "").body();
            proxy.write(
                    "transactions.yaml",
                    ignoring.replace("[ $.at ]", "[ $.at, { field: $.b, until: 2099-01-31, why: MON-12 } ]"));
            await().atMost(SAVED).until(() -> parity(proxy).contains("MON-12"));

            String time = first.replaceFirst("(?s).*\"time\":\"([^\"]*)\".*", "$1");
            assertThat(parity(proxy))
                    .contains("{\"field\":\"$.at\",\"since\":\"" + time + "\"}")
                    .contains("\"until\":\"2099-01-31\",\"why\":\"MON-12\"}");
        }
    }

    private static String parity(TestProxy proxy) throws Exception {
        return proxy.admin("GET", "/v1/parity?route=transactions", "").body();
    }

    @Test
    void three_different_mistakes_in_a_saved_file_are_told_at_once() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            proxy.write("goals.yaml", """
                    banyan: 1
                    routes:
                      goals:
                        macth: [ GET /api/goals ]
                        legacy: railz
                        canary: 105%
                    """);

            await().atMost(SAVED)
                    .until(() -> proxy.admin("GET", "/v1/table", "").body().contains("\"held_back\":[{"));
            assertThat(proxy.admin("GET", "/v1/table", "").body())
                    .contains("did you mean match?", "did you mean rails?", "105% is more than the whole");
        }
    }

    @Test
    void a_rollback_undoes_a_change_and_changed_files_wait_until_it_is_unpinned() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            proxy.setCanary(100);

            var rollback = proxy.admin("POST", "/v1/rollback", "{\"revision\":1,\"reason\":\"too many errors\"}");
            proxy.write("transactions.yaml", proxy.transactionsYaml("0%"));
            await().atMost(SAVED)
                    .until(() -> proxy.admin("GET", "/v1/table", "").body().contains("\"waiting\":[\""));
            String whilePinned =
                    proxy.admin("GET", "/v1/routes/transactions", "").body();
            proxy.admin("POST", "/v1/unpin", "{\"reason\":\"mended\"}");

            assertThat(rollback.statusCode()).isEqualTo(200);
            assertThat(whilePinned).contains("\"canary\":25");
            assertThat(proxy.admin("GET", "/v1/routes/transactions", "").body()).contains("\"canary\":0");
        }
    }

    @Test
    void files_that_vanish_all_at_once_take_nothing_away() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            Files.delete(proxy.routes().resolve("transactions.yaml"));
            Files.delete(proxy.routes().resolve("00-platform.yaml"));

            await().atMost(SAVED)
                    .until(() -> proxy.admin("GET", "/v1/table", "").body().contains("\"held_back\":[{"));

            assertThat(proxy.sideOf("7")).isIn("legacy", "modern");
        }
    }
}
