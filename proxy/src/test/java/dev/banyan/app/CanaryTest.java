package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users move with the canary, a share at a time, and the same ones every time. */
class CanaryTest {
    private static final int USERS = 2_000;

    @TempDir
    private Path directory;

    @Test
    void the_canarys_share_of_users_sees_modern_and_keeps_seeing_it_as_the_canary_grows() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            Set<Integer> atFirst = onModern(proxy);
            Set<Integer> again = onModern(proxy);
            proxy.setCanary(50);
            Set<Integer> atHalf = onModern(proxy);
            proxy.setCanary(0);
            Set<Integer> atNone = onModern(proxy);

            assertThat(atFirst)
                    .hasSizeBetween(USERS * 21 / 100, USERS * 29 / 100)
                    .isEqualTo(again);
            assertThat(atHalf)
                    .hasSizeBetween(USERS * 46 / 100, USERS * 54 / 100)
                    .containsAll(atFirst);
            assertThat(atNone).isEmpty();
        }
    }

    @Test
    void a_canary_that_was_set_holds_for_the_next_request_and_stands_in_the_history() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            HttpResponse<String> set = proxy.setCanary(100);

            assertThat(set.statusCode()).isEqualTo(200);
            assertThat(proxy.transactionsOf("7").body()).isEqualTo("transactions");
            assertThat(proxy.admin("GET", "/v1/revisions", "").body())
                    .contains("\"revision\":2", "\"author\":\"admin\"", "a test says so", "canary 25% -> 100%");
        }
    }

    @Test
    void a_restart_keeps_the_flags() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            proxy.setCanary(100);

            proxy.restart();

            assertThat(proxy.sideOf("7")).isEqualTo("modern");
        }
    }

    private static Set<Integer> onModern(TestProxy proxy) throws Exception {
        Set<Integer> users = new HashSet<>();
        for (int user = 1; user <= USERS; user++) {
            if (proxy.sideOf(Integer.toString(user)).equals("modern")) {
                users.add(user);
            }
        }
        return users;
    }
}
