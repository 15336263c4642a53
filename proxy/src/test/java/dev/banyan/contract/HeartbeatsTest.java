package dev.banyan.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

    @Test
    void a_thread_that_hangs_is_told_of_until_it_moves_again_and_others_are_not() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        ScheduledExecutorService hanging = Executors.newSingleThreadScheduledExecutor();
        ScheduledExecutorService moving = Executors.newSingleThreadScheduledExecutor();
        try (Heartbeats heartbeats = new Heartbeats(Duration.ofMillis(50))) {
            hanging.scheduleAtFixedRate(heartbeats.of("the one", Duration.ofMillis(500)), 0, 10, TimeUnit.MILLISECONDS);
            moving.scheduleAtFixedRate(
                    heartbeats.of("the other", Duration.ofMinutes(10)), 0, 10, TimeUnit.MILLISECONDS);

            hanging.execute(() -> awaitQuietly(goOn));
            await().until(() -> heartbeats.standingStill().isPresent());

            assertThat(heartbeats.standingStill().orElseThrow()).startsWith("the one has not moved");
            assertThat(heartbeats.countStandingStill()).isEqualTo(1);

            goOn.countDown();
            await().until(() -> heartbeats.standingStill().equals(Optional.empty()));
        } finally {
            goOn.countDown();
            hanging.shutdownNow();
            moving.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
