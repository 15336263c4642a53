package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process takes the place of another: listeners, table, and at last the data directory. */
class TakeOverTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    @Test
    void without_the_setting_a_second_process_is_refused() throws Exception {
        try (TestProxy first = new TestProxy(directory)) {

            assertThatThrownBy(first::restartBeside).hasMessageContaining("is in use by process");
        }
    }

    @Test
    void while_it_waits_it_serves_the_table_of_the_other_and_every_change_of_it() throws Exception {
        try (TestProxy first = new TestProxy(directory);
                BanyanProxy second = first.startTakingOver(0)) {
            assertThat(second.hasTakenOver()).isFalse();

            first.setCanary(100);
            await().untilAsserted(() -> assertThat(sideOf(second)).isEqualTo("modern"));
            first.setCanary(0);
            await().untilAsserted(() -> assertThat(sideOf(second)).isEqualTo("legacy"));

            first.proxy().close();
            await().atMost(Duration.ofSeconds(30)).until(second::hasTakenOver);
            first.goOnWith(second);
            assertThat(first.setCanary(100).statusCode()).isEqualTo(200);
            assertThat(sideOf(second)).isEqualTo("modern");
        }
    }

    private static String sideOf(BanyanProxy proxy) throws IOException {
        String answer = RawClient.exchange(
                proxy.address().orElseThrow().getPort(),
                "GET /api/transactions HTTP/1.1\r\nHost: a\r\nX-User-Id: 7\r\nConnection: close\r\n\r\n");
        return answer.replaceAll("(?s).*X-Banyan-Side: (\\w+).*", "$1");
    }

    @Test
    void no_upstream_leads_to_the_admin_api_while_the_other_process_still_has_it() throws Exception {
        try (TestProxy first = new TestProxy(directory)) {
            first.write("00-platform.yaml", """
                    banyan: 1
                    default: rails
                    upstreams:
                      rails: { url: "http://127.0.0.1:%d" }
                    """.formatted(first.proxy().adminPort()));
            try (BanyanProxy second = first.startTakingOverTheAdminPort()) {
                int port = second.address().orElseThrow().getPort();

                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !RawClient.exchange(port, GET).endsWith("rails"));

                assertThat(second.hasTakenOver()).isFalse();
                assertThat(RawClient.exchange(port, GET))
                        .startsWith("HTTP/1.1 502 ")
                        .contains("where this proxy itself has its admin API");
            }
        }
    }

    @Test
    void a_restart_in_place_refuses_and_cuts_nobody() throws Exception {
        try (TestProxy first = new TestProxy(directory)) {
            // With a fixed port, so that the next can ask for the same.
            int port = first.port();
            first.proxy().close();
            BanyanProxy old = first.startTakingOver(port);
            first.goOnWith(old);
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            Map<String, Integer> lost = new ConcurrentHashMap<>();
            ExecutorService clients = Executors.newFixedThreadPool(4);
            for (int i = 0; i < 4; i++) {
                clients.execute(() -> {
                    while (!enough.get()) {
                        String outcome = outcome(port);
                        if (outcome.isEmpty()) {
                            answered.incrementAndGet();
                        } else {
                            lost.merge(outcome, 1, Integer::sum);
                        }
                    }
                });
            }

            try {
                for (int restart = 0; restart < 3; restart++) {
                    int before = answered.get();
                    await().until(() -> answered.get() > before + 20);
                    BanyanProxy next = first.startTakingOver(port);
                    old.takenOver().toCompletableFuture().get();
                    assertThat(old.drain(Duration.ofSeconds(20))).isTrue();
                    old.close();
                    await().atMost(Duration.ofSeconds(30)).until(next::hasTakenOver);
                    old = next;
                    first.goOnWith(next);
                }
                int before = answered.get();
                await().until(() -> answered.get() > before + 20);
            } finally {
                enough.set(true);
                clients.shutdown();
            }

            assertThat(clients.awaitTermination(20, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            assertThat(lost).isEqualTo(Map.of());
            assertThat(List.of(old.address().orElseThrow().getPort())).isEqualTo(List.of(port));
        }
    }

    private static String outcome(int port) {
        try {
            String answer = RawClient.exchange(port, GET);
            return answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("rails") ? "" : answer;
        } catch (IOException e) {
            return e.toString();
        }
    }
}
