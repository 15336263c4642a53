package dev.banyan.controlplane.plan;

import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Bucket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sorts the requests of one route by where they go now and where they would go. */
final class Moves {
    private final Placement before;
    private final Placement after;
    private final Map<Way, Part> parts = new LinkedHashMap<>();
    private double expected;

    private record Way(Target from, Target to) {}

    /** What goes one way. */
    private static final class Part {
        private final List<Move.BucketRange> buckets = new ArrayList<>();
        private int bucketsSeen;
        private long safe;
        private long unsafe;
        private long withoutBucket;

        void addBucket(int bucket) {
            int last = buckets.size() - 1;
            if (last >= 0 && buckets.get(last).last() == bucket - 1) {
                buckets.set(last, new Move.BucketRange(buckets.get(last).first(), bucket));
            } else if (last < 0 || buckets.get(last).last() != bucket) {
                buckets.add(new Move.BucketRange(bucket, bucket));
            }
        }
    }

    private Moves(Placement before, Placement after) {
        this.before = before;
        this.after = after;
    }

    /**
     * What moves.
     *
     * @param expected requests of users without a bucket that move by chance
     */
    record Sorted(List<Move> moves, long expected) {}

    /** Of users who keep their buckets. */
    static Sorted byBucket(Placement before, Placement after, Recent recent) {
        Moves moves = new Moves(before, after);
        for (int bucket = 0; bucket < Bucket.COUNT; bucket++) {
            moves.add(bucket, recent);
        }
        recent.others().forEach(moves::add);
        return moves.sorted();
    }

    /** Of users who all get other buckets: what each side gets is known, but not who is who. */
    static Sorted reshuffled(Placement before, Placement after, Recent recent) {
        Moves moves = new Moves(before, after);
        recent.others().forEach(moves::add);
        double was = before.modernShare();
        double is = after.modernShare();
        moves.expected += (recent.safe().total() + recent.unsafe().total()) * (was * (1 - is) + is * (1 - was));
        return moves.sorted();
    }

    private void add(int bucket, Recent recent) {
        int safe = recent.safe().of(bucket);
        int unsafe = recent.unsafe().of(bucket);
        Optional<Part> ofSafe = part(before.ofBucket(bucket, true), after.ofBucket(bucket, true));
        Optional<Part> ofUnsafe =
                unsafe == 0 ? Optional.empty() : part(before.ofBucket(bucket, false), after.ofBucket(bucket, false));
        ofSafe.ifPresent(part -> {
            part.addBucket(bucket);
            part.safe += safe;
            part.bucketsSeen += safe > 0 || (unsafe > 0 && ofUnsafe.equals(ofSafe)) ? 1 : 0;
        });
        ofUnsafe.ifPresent(part -> {
            part.addBucket(bucket);
            part.unsafe += unsafe;
            part.bucketsSeen += ofSafe.equals(ofUnsafe) ? 0 : 1;
        });
    }

    private void add(Decided decided) {
        Optional<Side> from = before.ofOther(decided);
        Optional<Side> to = after.ofOther(decided);
        if (from.isEmpty() || to.isEmpty()) {
            expected += decided.requests() * Math.abs(share(after, to) - share(before, from));
            return;
        }
        part(from.get(), to.get()).ifPresent(part -> {
            part.safe += decided.safe() ? decided.requests() : 0;
            part.unsafe += decided.safe() ? 0 : decided.requests();
            part.withoutBucket += decided.requests();
        });
    }

    private static double share(Placement placement, Optional<Side> side) {
        return side.map(known -> known == Side.MODERN ? 1.0 : 0.0).orElseGet(placement::modernShare);
    }

    /** Empty: it stays where it is. */
    private Optional<Part> part(Side was, Side is) {
        Target from = Target.of(before.route(), was);
        Target to = Target.of(after.route(), is);
        return from.equals(to)
                ? Optional.empty()
                : Optional.of(parts.computeIfAbsent(new Way(from, to), way -> new Part()));
    }

    private Sorted sorted() {
        List<Move> moves = new ArrayList<>();
        parts.forEach((way, part) -> moves.add(new Move(
                way.from(), way.to(), part.buckets, part.bucketsSeen, part.safe, part.unsafe, part.withoutBucket)));
        return new Sorted(List.copyOf(moves), Math.round(expected));
    }
}
