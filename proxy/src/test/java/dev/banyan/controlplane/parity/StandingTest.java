package dev.banyan.controlplane.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.judging.Counted;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Noise and differences are told apart, however often one looks. */
class StandingTest {
    private static final int FIELDS = 30;

    /** What one field does: how often modern's answer differs from legacy's, and legacy's second from its first. */
    private record World(double raw, double noise) {}

    private static Counted drawn(SplittableRandom random, Counted before, int more, double share) {
        int bad = 0;
        for (int i = 0; i < more; i++) {
            bad += random.nextDouble() < share ? 1 : 0;
        }
        return before.plus(new Counted(bad, more));
    }

    /** Looked at after each thousand of 20,000 pairs, and a fifth as many repeats; empty: never told. */
    private static int pairsUntil(Standing awaited, World world, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Counted raw = Counted.NONE;
        Counted noise = Counted.NONE;
        for (int pairs = 1_000; pairs <= 20_000; pairs += 1_000) {
            raw = drawn(random, raw, 1_000, world.raw());
            noise = drawn(random, noise, 200, world.noise());
            if (raw.bad() > 0 && Standing.of(raw, noise, FIELDS) == awaited) {
                return pairs;
            }
        }
        return Integer.MAX_VALUE;
    }

    /** A random recommendation, a counter, a clock, and what differs once in a while. */
    @Test
    void what_differs_by_chance_on_both_sides_alike_raises_nothing_on_two_thousand_routes() {
        double[] shares = {0.0002, 0.003, 0.02, 0.2, 0.5, 0.9, 1};
        int alarms = 0;
        for (int route = 0; route < 2_000; route++) {
            double share = shares[route % shares.length];
            alarms += pairsUntil(Standing.DIFFERENT, new World(share, share), route) < Integer.MAX_VALUE ? 1 : 0;
        }

        assertThat(alarms).isLessThanOrEqualTo(20);
    }

    @Test
    void what_modern_gets_wrong_in_one_answer_of_a_hundred_is_found_where_legacy_never_differs() {
        int found = 0;
        for (int seed = 0; seed < 100; seed++) {
            found += pairsUntil(Standing.DIFFERENT, new World(0.01, 0), seed) < Integer.MAX_VALUE ? 1 : 0;
        }

        assertThat(found).isGreaterThanOrEqualTo(99);
    }

    @Test
    void what_modern_always_gets_wrong_is_found_after_twenty_answers_and_ten_repeats() {
        assertThat(Standing.of(new Counted(20, 20), new Counted(0, 10), FIELDS)).isEqualTo(Standing.DIFFERENT);
        assertThat(Standing.of(new Counted(1, 20), new Counted(0, 10), FIELDS)).isEqualTo(Standing.UNDECIDED);
    }

    @Test
    void nothing_is_decided_before_legacy_was_asked_twice() {
        assertThat(Standing.of(new Counted(5_000, 5_000), Counted.NONE, FIELDS)).isEqualTo(Standing.UNDECIDED);
    }

    @Test
    void a_noisy_field_is_known_to_be_noise_after_some_thousand_answers() {
        for (double share : new double[] {0.05, 0.2, 1}) {
            assertThat(pairsUntil(Standing.NOISE, new World(share, share), 3))
                    .as("%s", share)
                    .isLessThanOrEqualTo(20_000);
        }
    }

    @Test
    void what_is_worse_than_the_noise_is_found_beside_it() {
        assertThat(pairsUntil(Standing.DIFFERENT, new World(0.4, 0.2), 5)).isLessThanOrEqualTo(2_000);
    }
}
