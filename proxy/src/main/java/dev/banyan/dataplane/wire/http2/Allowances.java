package dev.banyan.dataplane.wire.http2;

import java.util.concurrent.TimeUnit;

/** How much of each {@link Misuse} one connection may still do: one bucket each, refilled by time and by what earns. */
@SuppressWarnings("EnumOrdinal") // an index into an array of this run, never stored
final class Allowances {
    private static final Misuse[] KINDS = Misuse.values();

    private final double[] left = new double[KINDS.length];
    private long refilledNanos;

    Allowances(long nowNanos) {
        refilledNanos = nowNanos;
        for (Misuse kind : KINDS) {
            left[kind.ordinal()] = kind.atOnce();
        }
    }

    /** False if it is used up. */
    boolean spend(Misuse kind, long nowNanos) {
        refill(nowNanos);
        return --left[kind.ordinal()] >= 0;
    }

    /** For what honest peers send in proportion to what they get. Never more than the whole bucket. */
    void earn(Misuse kind, int more) {
        left[kind.ordinal()] = Math.min(kind.atOnce(), left[kind.ordinal()] + more);
    }

    private void refill(long nowNanos) {
        if (nowNanos == refilledNanos) {
            return;
        }
        double seconds = (double) (nowNanos - refilledNanos) / TimeUnit.SECONDS.toNanos(1);
        refilledNanos = nowNanos;
        for (Misuse kind : KINDS) {
            int i = kind.ordinal();
            left[i] = Math.min(kind.atOnce(), left[i] + seconds * kind.perSecond());
        }
    }
}
