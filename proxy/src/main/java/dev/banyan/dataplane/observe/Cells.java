package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.RecentRequests.ByBucket;
import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.routing.decide.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every kind of request that is counted apart, as a small number: by bucket, else by side and reason; safe and unsafe. */
@SuppressWarnings("EnumOrdinal") // numbers of this run, never stored
final class Cells {
    private static final int UNSAFE = Bucket.COUNT;
    private static final int OTHERS = 2 * Bucket.COUNT;
    private static final Side[] SIDES = Side.values();
    private static final Reason[] REASONS = Reason.values();

    static final int COUNT = OTHERS + SIDES.length * REASONS.length * 2;

    private Cells() {}

    static int of(ExchangeRecord.Destination decided) {
        if (decided.bucket() >= 0) {
            return decided.bucket() + (decided.safe() ? 0 : UNSAFE);
        }
        return other(decided.side(), decided.reason(), decided.safe());
    }

    private static int other(Side side, Reason reason, boolean safe) {
        return OTHERS + (side.ordinal() * REASONS.length + reason.ordinal()) * 2 + (safe ? 0 : 1);
    }

    static Recent told(int[] totals, Instant since) {
        List<Decided> others = new ArrayList<>();
        for (Side side : SIDES) {
            for (Reason reason : REASONS) {
                addIfAny(others, new Decided(side, reason, true, totals[other(side, reason, true)]));
                addIfAny(others, new Decided(side, reason, false, totals[other(side, reason, false)]));
            }
        }
        return new Recent(
                since,
                new ByBucket(Arrays.copyOf(totals, UNSAFE)),
                new ByBucket(Arrays.copyOfRange(totals, UNSAFE, OTHERS)),
                others);
    }

    private static void addIfAny(List<Decided> others, Decided decided) {
        if (decided.requests() > 0) {
            others.add(decided);
        }
    }
}
