package dev.banyan.controlplane.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

/** The numbers of the specification of how Banyan judges, and what must hold for any counters. */
class EvidenceTest {
    private static final double PARITY = 0.001;
    private static final double ENOUGH_TO_PASS = Math.log(20);
    private static final double ENOUGH_TO_FAIL = Math.log(1 / 0.00067);

    @Test
    void parity_of_99_9_percent_passes_after_3851_equal_answers_and_not_before() {
        assertThat(Evidence.below(new Counted(0, 3_851), PARITY)).isGreaterThanOrEqualTo(ENOUGH_TO_PASS);
        assertThat(Evidence.below(new Counted(0, 3_850), PARITY)).isLessThan(ENOUGH_TO_PASS);
    }

    @Test
    void one_difference_nearly_doubles_what_it_needs() {
        assertThat(Evidence.below(new Counted(1, 7_300), PARITY)).isGreaterThanOrEqualTo(ENOUGH_TO_PASS);
        assertThat(Evidence.below(new Counted(1, 7_000), PARITY)).isLessThan(ENOUGH_TO_PASS);
    }

    @Test
    void true_differences_are_found_within_half_as_many_more_pairs_as_the_specification_says() {
        assertThat(medianPairsUntilItFails(0.05)).isLessThan(95 * 3 / 2);
        assertThat(medianPairsUntilItFails(0.01)).isLessThan(640 * 3 / 2);
        assertThat(medianPairsUntilItFails(0.005)).isLessThan(2_500 * 3 / 2);
    }

    private static int medianPairsUntilItFails(double share) {
        Random random = new Random(17);
        int[] needed = new int[201];
        for (int world = 0; world < needed.length; world++) {
            int bad = 0;
            int all = 0;
            while (Evidence.above(new Counted(bad, all), PARITY) < ENOUGH_TO_FAIL) {
                all++;
                bad += random.nextDouble() < share ? 1 : 0;
            }
            needed[world] = all;
        }
        Arrays.sort(needed);
        return needed[needed.length / 2];
    }

    /** Whoever looks at every sample, for as long as he likes, is misled no more often than was said. */
    @Test
    void a_share_that_is_just_what_is_allowed_raises_a_false_alarm_less_often_than_alpha() {
        Random random = new Random(4);
        double alpha = 0.05;
        int alarms = 0;
        int worlds = 2_000;
        for (int world = 0; world < worlds; world++) {
            int bad = 0;
            boolean alarm = false;
            for (int all = 1; all <= 3_000 && !alarm; all++) {
                bad += random.nextDouble() < 0.02 ? 1 : 0;
                alarm = all % 10 == 0 && Evidence.above(new Counted(bad, all), 0.02) >= Math.log(1 / alpha);
            }
            alarms += alarm ? 1 : 0;
        }
        assertThat(alarms).isLessThan((int) (worlds * alpha));
    }

    @Property(tries = 300)
    void more_bad_samples_speak_more_for_above_and_less_for_below(
            @ForAll @IntRange(max = 200) int bad,
            @ForAll @IntRange(max = 5_000) int good,
            @ForAll @Scale(4) @DoubleRange(min = 0.0001, max = 0.5) double limit) {
        Counted counted = new Counted(bad, bad + good + 1);
        Counted worse = new Counted(bad + 1, bad + good + 1);

        assertThat(Evidence.above(worse, limit)).isGreaterThanOrEqualTo(Evidence.above(counted, limit));
        assertThat(Evidence.below(worse, limit)).isLessThanOrEqualTo(Evidence.below(counted, limit));
    }

    @Property(tries = 300)
    void the_evidence_is_the_sum_that_the_specification_writes(
            @ForAll @IntRange(max = 30) int bad,
            @ForAll @IntRange(max = 300) int good,
            @ForAll @Scale(4) @DoubleRange(min = 0.001, max = 0.3) double limit) {
        double above = 0.1;
        double below = 0.1 + (bad == 0 ? 0.2 * Math.pow(1 - limit, -(bad + good)) : 0);
        for (int j = 0; j < 20; j++) {
            double r = 1 + 0.05 * Math.pow(1.4, j);
            above += 0.9 / 20 * Math.pow(r, bad) / Math.pow(1 + limit * (r - 1), bad + good);
            below += 0.7 / 20 * Math.pow(1 / r, bad) / Math.pow(1 + limit * (1 / r - 1), bad + good);
        }
        Counted counted = new Counted(bad, bad + good);

        assertThat(Evidence.above(counted, limit)).isCloseTo(Math.log(above), within(1e-9));
        assertThat(Evidence.below(counted, limit)).isCloseTo(Math.log(below), within(1e-9));
    }

    @Property(tries = 300)
    void the_interval_holds_the_share_that_was_seen_and_shrinks_with_more_of_the_same(
            @ForAll @IntRange(max = 100) int bad, @ForAll @IntRange(max = 1_000) int good) {
        Counted counted = new Counted(bad, bad + good);
        Counted tenTimes = new Counted(10.0 * bad, 10.0 * (bad + good));

        Interval interval = Interval.of(counted);
        Interval narrower = Interval.of(tenTimes);

        assertThat(interval.lower()).isBetween(0.0, counted.share() + 1e-9);
        assertThat(interval.upper()).isBetween(counted.share() - 1e-9, 1.0);
        assertThat(narrower.upper() - narrower.lower()).isLessThanOrEqualTo(interval.upper() - interval.lower() + 1e-9);
    }

    @Test
    void without_samples_nothing_is_known() {
        assertThat(Interval.of(Counted.NONE)).isEqualTo(Interval.UNKNOWN);
    }
}
