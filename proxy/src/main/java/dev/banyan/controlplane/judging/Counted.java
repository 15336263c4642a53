package dev.banyan.controlplane.judging;

/**
 * Bad samples among all. Fractions are allowed: samples that depend on each other count for less than one.
 *
 * @param bad at least 0, at most {@code all}
 */
public record Counted(double bad, double all) {
    public static final Counted NONE = new Counted(0, 0);

    public Counted {
        if (!(bad >= 0 && bad <= all)) {
            throw new IllegalArgumentException("bad: " + bad + " of " + all + " (expected: from 0 to all)");
        }
    }

    public Counted plus(Counted more) {
        return new Counted(bad + more.bad, all + more.all);
    }

    /** What they are worth where samples vary {@code phi} times as much as independent ones would. */
    public Counted dampedBy(double phi) {
        return new Counted(bad / phi, all / phi);
    }

    /** 0 where there are none. */
    public double share() {
        return all == 0 ? 0 : bad / all;
    }
}
