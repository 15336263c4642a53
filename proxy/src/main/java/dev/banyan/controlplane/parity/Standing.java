package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.judging.Contrast;
import dev.banyan.controlplane.judging.Counted;

/** What is held of a field in which the sides differ, by how often legacy differs from itself there. */
public enum Standing {
    /** The sides differ in it more often than legacy from itself. */
    DIFFERENT,
    /** Nobody can tell yet. It proves nothing right, and nothing wrong. */
    UNDECIDED,
    /** Both sides were asked again after a while, and said the same. */
    LATE,
    /** It differs by itself, about as often. */
    NOISE;

    /** The share of differences beyond legacy's own that is no difference: one answer in 3,000. */
    private static final double MARGIN = 0.0003;

    private static final double FALSE_ALARMS = 0.01;
    private static final double ENOUGH_FOR_NOISE = Math.log(20);

    /** As near to legacy's own share a field is taken for noise: by half of that, or one answer in a thousand. */
    private static final double NEAR = 0.5;

    private static final double LEAST_NEAR = 0.001;

    /**
     * Judges. A pure function.
     *
     * @param raw answers of both sides that differ in it, among all that were compared
     * @param noise two answers of legacy that do, among all that were
     * @param fields how many are compared on the route: each might be the one that errs
     */
    static Standing of(Counted raw, Counted noise, long fields) {
        if (Contrast.isMore(raw, noise, MARGIN) >= Math.log(fields / FALSE_ALARMS)) {
            return DIFFERENT;
        }
        if (noise.bad() == 0) {
            return UNDECIDED;
        }
        double near = Math.min(0.5, Math.max(LEAST_NEAR, NEAR * noise.share()));
        return Contrast.isLess(raw, noise, near) >= ENOUGH_FOR_NOISE ? NOISE : UNDECIDED;
    }

    /** The one that weighs more. */
    Standing and(Standing other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
