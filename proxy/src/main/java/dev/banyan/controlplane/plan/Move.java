package dev.banyan.controlplane.plan;

import java.util.List;

/**
 * A part of a route's requests that would go elsewhere.
 *
 * @param buckets whose users move, seen or not; empty for requests that are decided without a bucket. Pilots, who are at modern
 *     whatever their bucket, do not move
 * @param bucketsSeen of them, how many asked in the counted time
 * @param safe requests in the counted time
 * @param unsafe the same, unsafe ones
 * @param withoutBucket of both, how many were decided without a bucket
 */
public record Move(
        Target from,
        Target to,
        List<BucketRange> buckets,
        int bucketsSeen,
        long safe,
        long unsafe,
        long withoutBucket) {
    public Move {
        buckets = List.copyOf(buckets);
    }

    public long requests() {
        return safe + unsafe;
    }

    /** Both ends included. */
    public record BucketRange(int first, int last) {
        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + ".." + last;
        }
    }
}
