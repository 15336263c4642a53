package dev.banyan.contract;

import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.routing.decide.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whose requests each route got in the last hour, as far as a bucket tells who that is. Implemented by the data plane. */
@FunctionalInterface
public interface RecentRequests {

    /**
     * Up to the requests that ended a moment ago, all at one moment.
     *
     * @param routes whose requests are told one by one, 80 KB a route: ids, or {@link dev.banyan.routing.RoutingTable#DEFAULT_ROUTE}
     */
    Snapshot of(Set<String> routes);

    /**
     * What routes got, counted at one moment.
     *
     * @param since of what no route matches: it never begins anew, as a route does whose users get other buckets
     * @param requests of all routes in force and of the default, asked for or not
     */
    record Snapshot(Instant since, long requests, Map<String, Recent> byRoute) {
        public Snapshot {
            byRoute = Map.copyOf(byRoute);
        }

        /** Where nobody counts. */
        public static Snapshot none(Instant since) {
            return new Snapshot(since, 0, Map.of());
        }

        /** Zero for a route that is not in the table in force. */
        public Recent of(String route) {
            return byRoute.getOrDefault(route, Recent.none(since));
        }
    }

    /**
     * What one route got.
     *
     * @param since from then on: an hour ago and up to ten minutes more; less after a start, and after the route's cohort or
     *     stick-by changed, because that gives every user another bucket
     * @param safe requests that were decided by a bucket
     * @param unsafe the same, unsafe ones
     * @param others requests that were decided without a bucket
     */
    record Recent(Instant since, ByBucket safe, ByBucket unsafe, List<Decided> others) {
        public Recent {
            others = List.copyOf(others);
        }

        public static Recent none(Instant since) {
            return new Recent(since, ByBucket.NONE, ByBucket.NONE, List.of());
        }

        public long total() {
            return safe.total()
                    + unsafe.total()
                    + others.stream().mapToLong(Decided::requests).sum();
        }
    }

    /** Requests of one kind, and how they were decided. */
    record Decided(Side side, Reason reason, boolean safe, long requests) {}

    /** Requests by bucket, 0..9999. Immutable. */
    final class ByBucket {
        public static final ByBucket NONE = new ByBucket(new int[Bucket.COUNT]);

        private final int[] requests;

        /**
         * Of all buckets.
         *
         * @param requests {@link Bucket#COUNT} of them; copied
         */
        public ByBucket(int[] requests) {
            if (requests.length != Bucket.COUNT) {
                throw new IllegalArgumentException(
                        "requests: " + requests.length + " (expected: " + Bucket.COUNT + ")");
            }
            this.requests = requests.clone();
        }

        public int of(int bucket) {
            return requests[bucket];
        }

        public long total() {
            long total = 0;
            for (int each : requests) {
                total += each;
            }
            return total;
        }
    }
}
