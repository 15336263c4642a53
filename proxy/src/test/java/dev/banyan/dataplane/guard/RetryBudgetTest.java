package dev.banyan.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Share;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static RetryBudget budget(int percent, int atLeast) {
        return new RetryBudget(new Upstream.Retries(1, new Share(percent * 100), atLeast), 0);
    }

    private static int granted(RetryBudget budget, long nowNanos, int asked) {
        int granted = 0;
        for (int i = 0; i < asked; i++) {
            granted += budget.withdraw(nowNanos) ? 1 : 0;
        }
        return granted;
    }

    @Test
    void a_few_a_second_are_allowed_whatever_the_traffic() {
        RetryBudget budget = budget(20, 3);

        assertThat(granted(budget, 5 * SECOND, 100)).isEqualTo(30);
        assertThat(granted(budget, 6 * SECOND, 100)).isZero();
        assertThat(granted(budget, 16 * SECOND, 100)).isEqualTo(30);
    }

    @Test
    void more_traffic_allows_its_share() {
        RetryBudget budget = budget(20, 0);
        assertThat(granted(budget, SECOND, 1)).isZero();
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }

        assertThat(granted(budget, 2 * SECOND, 1000)).isEqualTo(200);
    }

    @Test
    void requests_of_more_than_ten_seconds_ago_do_not_count() {
        RetryBudget budget = budget(20, 0);
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }
        budget.withdraw(SECOND);

        assertThat(granted(budget, 3600 * SECOND, 1000)).isZero();
    }
}
