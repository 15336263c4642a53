package dev.banyan.controlplane.judging;

import java.util.function.DoubleUnaryOperator;

/**
 * How strongly two sets of samples speak for the share of the one being more than that of the other: whatever the share of the other may
 * be, either that one speaks against it, or this one does.
 */
public final class Contrast {
    /** Steps of the golden section until the least is found to a part in a million of where it may lie. */
    private static final int STEPS = 30;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private Contrast() {}

    /**
     * That the share of {@code one} is more than that of {@code other} and {@code margin}.
     *
     * @return a natural logarithm, as of {@link Evidence}
     */
    public static double isMore(Counted one, Counted other, double margin) {
        return least(one, other, margin, a -> Evidence.above(one, a + margin) + Evidence.below(other, a));
    }

    /** That the share of {@code one} is less than that of {@code other} and {@code margin}; see {@link #isMore}. */
    public static double isLess(Counted one, Counted other, double margin) {
        return least(one, other, margin, a -> Evidence.below(one, a + margin) + Evidence.above(other, a));
    }

    /** The sum is convex in the unknown share of the other. */
    private static double least(Counted one, Counted other, double margin, DoubleUnaryOperator evidence) {
        double low = 0;
        double high =
                Math.min(3 * Math.max(Math.max(one.share(), other.share()), 1 / Math.max(1, one.all())), 1 - margin);
        double least = Math.min(evidence.applyAsDouble(low), evidence.applyAsDouble(high));
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = evidence.applyAsDouble(left);
        double atRight = evidence.applyAsDouble(right);
        for (int i = 0; i < STEPS; i++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = evidence.applyAsDouble(left);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = evidence.applyAsDouble(right);
            }
        }
        return Math.min(least, Math.min(atLeft, atRight));
    }
}
