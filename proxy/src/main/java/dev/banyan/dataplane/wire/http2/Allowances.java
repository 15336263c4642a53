package dev.banyan.dataplane.wire.http2;

import java.util.concurrent.TimeUnit;

/** How much of each {@link Misuse} one connection may still do: one bucket each, refilled by time and by what earns. */
@SuppressWarnings("EnumOrdinal") // an index into an array of this run, never stored
final class Allowances {
    private static final Misuse[] KINDS = Misuse.values();

    private final int[] atOnce = new int[KINDS.length];
    private final double[] left = new double[KINDS.length];
    private long refilledNanos;

    /** @param streams that the connection may have at once */
    Allowances(long nowNanos, int streams) {
        refilledNanos = nowNanos;
        for (Misuse kind : KINDS) {
            // Who leaves a page cancels all that is under way for it, which is no flood.
            int least = kind == Misuse.RAPID_RESET ? streams + streams / 2 : 0;
            atOnce[kind.ordinal()] = Math.max(kind.atOnce(), least);
            left[kind.ordinal()] = atOnce[kind.ordinal()];
        }
    }

    /** False if it is used up. */
    boolean spend(Misuse kind, long nowNanos) {
        refill(nowNanos);
        return --left[kind.ordinal()] >= 0;
    }

    /** For what honest peers send in proportion to what they get. Never more than the whole bucket. */
    void earn(Misuse kind, int more) {
        left[kind.ordinal()] = Math.min(atOnce[kind.ordinal()], left[kind.ordinal()] + more);
    }

    private void refill(long nowNanos) {
        if (nowNanos == refilledNanos) {
            return;
        }
        double seconds = (double) (nowNanos - refilledNanos) / TimeUnit.SECONDS.toNanos(1);
        refilledNanos = nowNanos;
        for (Misuse kind : KINDS) {
            int i = kind.ordinal();
            left[i] = Math.min(atOnce[i], left[i] + seconds * kind.perSecond());
        }
    }
}
