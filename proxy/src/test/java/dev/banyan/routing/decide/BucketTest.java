package dev.banyan.routing.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BucketTest {

    /** The numbers came out of the shell command in the documentation of {@link Bucket}. */
    @Test
    void it_is_what_sha256sum_gives() {
        assertThat(Bucket.of("transactions", "user:42")).isEqualTo(9_891);
        assertThat(Bucket.of("accounts", "x-user-id:7")).isEqualTo(8_468);
        assertThat(Bucket.of("", "")).isEqualTo(3_192);
    }

    @Property(tries = 500)
    void it_is_stable_and_within_bounds(
            @ForAll @StringLength(max = 40) String cohort, @ForAll @StringLength(max = 80) String key) {
        int bucket = Bucket.of(cohort, key);

        assertThat(bucket).isBetween(0, Bucket.COUNT - 1).isEqualTo(Bucket.of(cohort, key));
    }

    /**
     * Seven standard deviations, and five keys more for shares too small to be spread so: a fair hash leaves them less
     * than once in a thousand million tries, so that chance alone never fails this test.
     */
    @Property(tries = 200)
    void the_share_of_random_keys_is_the_canary(@ForAll @IntRange(min = 1, max = 9_999) int canary, @ForAll long seed) {
        Random random = new Random(seed);
        int keys = 4_000;
        int in = 0;
        for (int i = 0; i < keys; i++) {
            in += Bucket.of("cohort", "user:" + random.nextLong()) < canary ? 1 : 0;
        }

        double share = canary / (double) Bucket.COUNT;
        double deviation = Math.sqrt(keys * share * (1 - share));
        assertThat((double) in).isBetween(keys * share - 7 * deviation - 5, keys * share + 7 * deviation + 5);
    }

    @Test
    void cohorts_move_different_users() {
        int both = 0;
        for (int i = 0; i < 10_000; i++) {
            boolean inA = Bucket.of("a", "user:" + i) < 5_000;
            boolean inB = Bucket.of("b", "user:" + i) < 5_000;
            both += inA && inB ? 1 : 0;
        }

        assertThat(both).isBetween(2_300, 2_700);
    }
}
