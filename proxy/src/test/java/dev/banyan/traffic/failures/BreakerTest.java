package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TwoSides;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** An upstream that mostly fails is left alone for a while. */
class BreakerTest {
    private static final String BREAKER = "breaker: { failures: 50%, over: 4, open-for: 300ms }";

    private static RawUpstream failingWhile(AtomicBoolean failing) throws IOException {
        return RawUpstream.running(connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(
                        failing.get()
                                ? "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }

    @Test
    void it_opens_after_failures_and_reads_go_to_legacy() throws IOException {
        try (RawUpstream modern = failingWhile(new AtomicBoolean(true));
                TwoSides sides = new TwoSides(modern.port(), "", BREAKER)) {
            for (int i = 0; i < 4; i++) {
                assertThat(sides.get()).startsWith("HTTP/1.1 500 ");
            }

            assertThat(sides.get()).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Reason: fallback\r\n");
            assertThat(modern.heads()).hasSize(4);
            assertThat(sides.counted("banyan.fallbacks", "failure", "breaker-open"))
                    .isEqualTo(1);
            assertThat(sides.edge()
                            .plane()
                            .upstreams()
                            .of("modern")
                            .orElseThrow()
                            .breaker())
                    .isEqualTo("open");
        }
    }

    @Test
    void writes_get_503_at_once_with_retry_after() throws IOException {
        try (RawUpstream modern = failingWhile(new AtomicBoolean(true));
                TwoSides sides = new TwoSides(modern.port(), "", BREAKER)) {
            for (int i = 0; i < 4; i++) {
                sides.get();
            }

            assertThat(sides.exchange("POST", "x"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: 1\r\n", "upstream modern was not asked");
            assertThat(modern.heads()).hasSize(4);
        }
    }

    @Test
    void it_closes_again_when_trials_go_well() throws IOException {
        AtomicBoolean failing = new AtomicBoolean(true);
        try (RawUpstream modern = failingWhile(failing);
                TwoSides sides = new TwoSides(modern.port(), "", BREAKER)) {
            for (int i = 0; i < 5; i++) {
                sides.get();
            }
            failing.set(false);

            await().untilAsserted(() -> {
                sides.get();
                assertThat(sides.edge()
                                .plane()
                                .upstreams()
                                .of("modern")
                                .orElseThrow()
                                .breaker())
                        .isEqualTo("closed");
            });
            assertThat(sides.get()).contains("X-Banyan-Side: modern\r\n");
        }
    }

    @Test
    void a_client_that_goes_away_in_a_trial_does_not_keep_it_half_open() throws IOException {
        AtomicBoolean failing = new AtomicBoolean(true);
        AtomicBoolean silent = new AtomicBoolean();
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (silent.get()) {
                            connection.read();
                            return;
                        }
                        connection.write(
                                failing.get()
                                        ? "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
                                        : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                TwoSides sides = new TwoSides(modern.port(), "", BREAKER)) {
            for (int i = 0; i < 5; i++) {
                sides.get();
            }
            failing.set(false);
            silent.set(true);
            int before = modern.heads().size();
            // More than all trials there are, each given up by its client.
            await().until(() -> {
                try (RawClient client = new RawClient(sides.edge().port())) {
                    client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
                    await().pollInterval(java.time.Duration.ofMillis(5))
                            .until(() -> modern.heads().size() > before
                                    || client.input().available() > 0);
                }
                return modern.heads().size() >= before + 8;
            });
            silent.set(false);

            await().untilAsserted(() -> {
                sides.get();
                assertThat(sides.edge()
                                .plane()
                                .upstreams()
                                .of("modern")
                                .orElseThrow()
                                .breaker())
                        .isEqualTo("closed");
            });
        }
    }
}
