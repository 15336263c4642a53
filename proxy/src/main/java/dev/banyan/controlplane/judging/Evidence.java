package dev.banyan.controlplane.judging;

/**
 * How strongly counted samples speak for a share above, or below, a limit: the natural logarithm of a mixture of likelihood ratios. If
 * the true share never exceeds {@code m}, the chance that {@link #above} ever reaches ln(1/alpha), however often one looks, is at most
 * alpha (Ville's inequality); the same holds for {@link #below}.
 *
 * @see <a href="https://arxiv.org/abs/1906.09712">Howard, Ramdas: Sequential estimation of quantiles</a>
 * @see <a href="https://arxiv.org/abs/2011.03567">Lindon, Malek: Anytime-valid inference for multinomial count data</a>
 */
public final class Evidence {
    /** How many alternatives the mixture has on its side: shares 1.05 to about 31 times the limit, or as many times less. */
    private static final int RATIOS = 20;

    private static final double WEIGHT_OF_SAME = 0.1;
    private static final double WEIGHT_ABOVE = 0.9 / RATIOS;
    private static final double WEIGHT_BELOW = 0.7 / RATIOS;
    private static final double WEIGHT_OF_NEVER = 0.2;

    /** They must not depend on the limit: the evidence would be against a moving target. */
    private static final double[] RATIO = ratios();

    private Evidence() {}

    private static double[] ratios() {
        double[] ratios = new double[RATIOS];
        for (int j = 0; j < RATIOS; j++) {
            ratios[j] = 1 + 0.05 * Math.pow(1.4, j);
        }
        return ratios;
    }

    /**
     * That the share of bad samples is more than {@code limit}.
     *
     * @param limit from 0 to 1
     * @return a natural logarithm
     */
    public static double above(Counted counted, double limit) {
        Sum sum = new Sum();
        sum.add(Math.log(WEIGHT_OF_SAME));
        for (double ratio : RATIO) {
            sum.add(Math.log(WEIGHT_ABOVE) + logRatio(counted, limit, ratio));
        }
        return sum.log();
    }

    /** That the share of bad samples is less than {@code limit}; see {@link #above}. */
    public static double below(Counted counted, double limit) {
        Sum sum = new Sum();
        sum.add(Math.log(WEIGHT_OF_SAME));
        for (double ratio : RATIO) {
            sum.add(Math.log(WEIGHT_BELOW) + logRatio(counted, limit, 1 / ratio));
        }
        if (counted.bad() == 0) {
            sum.add(Math.log(WEIGHT_OF_NEVER) - counted.all() * Math.log1p(-limit));
        }
        return sum.log();
    }

    /** ln of r^k / (1 + m (r - 1))^n. */
    private static double logRatio(Counted counted, double limit, double ratio) {
        double hits = counted.bad() == 0 ? 0 : counted.bad() * Math.log(ratio);
        return hits - counted.all() * Math.log1p(limit * (ratio - 1));
    }

    /** A sum of numbers that are known by their logarithms, and would be too large or too small as themselves. */
    private static final class Sum {
        private double largest = Double.NEGATIVE_INFINITY;
        private double scaled;

        void add(double log) {
            if (log <= largest) {
                scaled += Math.exp(log - largest);
            } else if (log == Double.POSITIVE_INFINITY) {
                largest = log;
                scaled = 1;
            } else {
                scaled = scaled * Math.exp(largest - log) + 1;
                largest = log;
            }
        }

        double log() {
            return largest + Math.log(scaled);
        }
    }
}
