package dev.banyan.controlplane.judging;

import java.util.function.DoublePredicate;

/**
 * Where the true share lies, as people are shown it: made of the same evidence as every verdict, so that the two never disagree. It may
 * be looked at as often as one likes, and still holds with 95%.
 *
 * @param lower the least share that the samples do not speak against
 * @param upper the largest
 */
public record Interval(double lower, double upper) {
    public static final Interval UNKNOWN = new Interval(0, 1);

    private static final double ENOUGH = Math.log(2 / 0.05);

    /** Halvings until the ends are exact to 1e-12. */
    private static final int HALVINGS = 40;

    public static Interval of(Counted counted) {
        if (counted.all() == 0) {
            return UNKNOWN;
        }
        double share = counted.share();
        double lower = edge(0, share, limit -> Evidence.above(counted, limit) < ENOUGH);
        double upper = 1 - edge(0, 1 - share, rest -> Evidence.below(counted, 1 - rest) < ENOUGH);
        return new Interval(lower, upper);
    }

    /** The least number for which it holds; it holds from some number on, and does for {@code high}. */
    private static double edge(double low, double high, DoublePredicate holds) {
        if (holds.test(low)) {
            return low;
        }
        double not = low;
        double does = high;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (not + does) / 2;
            if (holds.test(middle)) {
                does = middle;
            } else {
                not = middle;
            }
        }
        return does;
    }
}
