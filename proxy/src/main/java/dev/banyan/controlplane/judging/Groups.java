package dev.banyan.controlplane.judging;

/**
 * How much users differ from each other: samples by group of users. If every sample were independent, groups would vary as a binomial
 * says; where a few users have all the trouble they vary more, and that many samples are worth less.
 */
public final class Groups {
    public static final int COUNT = 50;

    /** Under so many groups with samples, or so few bad samples, nobody can tell. */
    private static final int LEAST_GROUPS = 10;

    private static final int LEAST_BAD = 5;

    private final long[] all = new long[COUNT];
    private final long[] bad = new long[COUNT];

    /**
     * Counts one sample.
     *
     * @param user any number that is the same for the same user
     */
    public void add(long user, boolean isBad) {
        int group = (int) Long.remainderUnsigned(user, COUNT);
        all[group]++;
        if (isBad) {
            bad[group]++;
        }
    }

    /** Adds another's. */
    public void add(Groups more) {
        for (int group = 0; group < COUNT; group++) {
            all[group] += more.all[group];
            bad[group] += more.bad[group];
        }
    }

    public Counted counted() {
        long sumOfBad = 0;
        long sumOfAll = 0;
        for (int group = 0; group < COUNT; group++) {
            sumOfBad += bad[group];
            sumOfAll += all[group];
        }
        return new Counted(sumOfBad, sumOfAll);
    }

    /** At least 1: the variance among groups over what a binomial has. */
    public double phi() {
        Counted counted = counted();
        double share = counted.share();
        if (counted.bad() < LEAST_BAD || share <= 0 || share >= 1) {
            return 1;
        }
        int groups = 0;
        double sum = 0;
        for (int group = 0; group < COUNT; group++) {
            if (all[group] > 0) {
                groups++;
                double off = bad[group] - all[group] * share;
                sum += off * off / (all[group] * share * (1 - share));
            }
        }
        return groups < LEAST_GROUPS ? 1 : Math.max(1, sum / (groups - 1));
    }
}
