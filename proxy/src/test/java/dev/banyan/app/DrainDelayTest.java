package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between the first failing probe and the last connection. */
final class DrainDelayTest {
    @TempDir
    Path directory;

    @Test
    void it_serves_on_and_is_not_ready_until_whoever_sends_traffic_has_had_time_to_notice() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            assertThat(proxy.readiness()).isEqualTo(200);
            Thread stopping = new Thread(() -> proxy.drain(Duration.ofHours(1), Duration.ofMinutes(1)));
            stopping.start();

            await().atMost(Duration.ofSeconds(60)).until(() -> proxy.readiness() == 503);
            assertThat(proxy.transactionsOf("7").statusCode()).isEqualTo(200);

            // As if the delay were over.
            stopping.interrupt();
            stopping.join(Duration.ofMinutes(1).toMillis());
            assertThat(stopping.isAlive()).isFalse();
        }
    }
}
