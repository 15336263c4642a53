package dev.banyan.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Share;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BreakerWindowTest {
    private static final Share HALF = new Share(5_000);

    private static Breaker breaker(int over) {
        return new Breaker("modern", new Upstream.Breaker(HALF, over, Duration.ofHours(1)), (from, to) -> {});
    }

    @Test
    void successes_that_change_nothing_are_not_counted_and_nobody_can_tell() {
        Random random = new Random(7);

        for (int run = 0; run < 300; run++) {
            int over = 1 + random.nextInt(12);
            Breaker breaker = breaker(over);
            Deque<Boolean> last = new ArrayDeque<>();
            int failuresInAHundred = random.nextInt(40);
            for (int i = 0; i < 400 && breaker.admits(); i++) {
                boolean fails = random.nextInt(100) < failuresInAHundred;
                last.add(fails);
                if (last.size() > over) {
                    last.remove();
                }
                if (fails) {
                    breaker.failed();
                } else {
                    breaker.succeeded();
                }

                long failures = last.stream().filter(failed -> failed).count();
                boolean opens = last.size() == over && failures * 2 >= over;
                assertThat(breaker.state())
                        .as("run %s, over %s, after %s", run, over, last)
                        .isEqualTo(opens ? "open" : "closed");
            }
        }
    }

    @Test
    void after_a_long_time_of_success_half_a_window_of_failures_opens_it_and_one_less_does_not() {
        Breaker breaker = breaker(100);
        for (int i = 0; i < 10_000; i++) {
            breaker.succeeded();
        }

        for (int i = 0; i < 49; i++) {
            breaker.failed();
        }
        assertThat(breaker.state()).isEqualTo("closed");
        breaker.failed();

        assertThat(breaker.state()).isEqualTo("open");
    }
}
