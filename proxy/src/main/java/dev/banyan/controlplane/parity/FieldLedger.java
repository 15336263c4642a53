package dev.banyan.controlplane.parity;

import dev.banyan.contract.ShadowPair;
import dev.banyan.contract.UserSketch;
import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.controlplane.parity.compare.Mixed;
import dev.banyan.routing.Flag;
import dev.banyan.routing.KnownDifference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** In which answers one field differed. Bounded, however many those are. */
final class FieldLedger {
    private static final int MOST_SAMPLES = 3;

    private final Difference first;
    private final Instant firstSeen;
    private final long firstRevision;
    private final UserSketch users = new UserSketch();
    private final List<RouteParity.Sample> samples = new ArrayList<>();
    private final Slots<Long> counts;
    private Instant lastSeen;

    /** Adds up the numbers of the pairs: two fields with equal sums, and as many pairs, differ in the same answers. */
    private long pairs;

    FieldLedger(Difference first, ShadowPair pair, Room room) {
        counts = new Slots<>(room.counts(), () -> 0L, Long::sum);
        this.first = first;
        this.firstSeen = Instant.ofEpochSecond(pair.second());
        this.lastSeen = firstSeen;
        this.firstRevision = pair.revision();
    }

    void add(ShadowPair pair, long number, long era) {
        lastSeen = Instant.ofEpochSecond(pair.second());
        pairs += Mixed.of(number);
        counts.add(era, pair.second(), 1L);
        if (pair.keyHash() != 0) {
            users.add(Long.toString(pair.keyHash()));
        }
        if (samples.size() == MOST_SAMPLES) {
            // The first, which may be what somebody is looking at, and the latest.
            samples.remove(1);
        }
        samples.add(new RouteParity.Sample(pair.requestId(), lastSeen));
    }

    void forget() {
        counts.forget();
    }

    long count(long era, long from) {
        return counts.since(era, from);
    }

    /** The same for fields that differ in the same answers, {@code count} of them in the stretch that is looked at. */
    String cause(long count) {
        return pairs + "/" + count;
    }

    RouteParity.Field field() {
        return new RouteParity.Field(first.field(), first.kind(), first.legacy(), first.modern());
    }

    RouteParity.Cause with(
            String match,
            List<RouteParity.Field> fields,
            Standing standing,
            Counted noise,
            Optional<Flag<KnownDifference>> known,
            long era,
            long from) {
        return new RouteParity.Cause(
                match,
                fields,
                standing,
                noise,
                known,
                count(era, from),
                users.estimate(),
                firstSeen,
                lastSeen,
                firstRevision,
                List.copyOf(samples));
    }
}
