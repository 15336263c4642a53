package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.judging.Evidence;
import java.util.OptionalLong;

/**
 * Whether a route's answers are the same often enough.
 *
 * @param needs about how many more equal answers prove it; empty: it is proven, or nothing will prove it
 */
public record ParityVerdict(Word word, OptionalLong needs) {
    private static final double PROOF = Math.log(20);
    private static final double DISPROOF = Math.log(1 / 0.01);
    private static final long MOST_NEEDED = 100_000_000;

    /** They are not, whatever their share. */
    public static final ParityVerdict DIFFERENT = new ParityVerdict(Word.DIFFERENT, OptionalLong.empty());

    /** What can be said. */
    public enum Word {
        /** They are. */
        PROVEN,
        /** They are not. */
        DIFFERENT,
        /** Too few were compared to tell. */
        UNDECIDED
    }

    /**
     * Judges. A pure function.
     *
     * @param different answers among those that were compared, for what they are worth
     * @param doubtful those that differ, or may: nothing is proven with them
     * @param mostDifferent the share of differences that is borne: 0.001 for a parity of 99.9%
     */
    public static ParityVerdict of(Counted different, Counted doubtful, double mostDifferent) {
        if (Evidence.above(different, mostDifferent) >= DISPROOF) {
            return DIFFERENT;
        }
        if (Evidence.below(doubtful, mostDifferent) >= PROOF) {
            return new ParityVerdict(Word.PROVEN, OptionalLong.empty());
        }
        return new ParityVerdict(Word.UNDECIDED, needed(doubtful, mostDifferent));
    }

    private static OptionalLong needed(Counted counted, double mostDifferent) {
        if (!isProven(counted, MOST_NEEDED, mostDifferent)) {
            return OptionalLong.empty();
        }
        long tooFew = 0;
        long enough = MOST_NEEDED;
        while (enough - tooFew > 1) {
            long middle = (tooFew + enough) / 2;
            if (isProven(counted, middle, mostDifferent)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalLong.of(enough);
    }

    private static boolean isProven(Counted counted, long moreEqual, double mostDifferent) {
        return Evidence.below(counted.plus(new Counted(0, moreEqual)), mostDifferent) >= PROOF;
    }
}
