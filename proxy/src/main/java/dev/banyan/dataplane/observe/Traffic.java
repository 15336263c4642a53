package dev.banyan.dataplane.observe;

import dev.banyan.contract.TrafficCounts;
import dev.banyan.routing.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Requests by route and side since the start, and their rate over the last minute: sampled from the meters, off every loop. */
final class Traffic implements TrafficCounts {
    static final int SECONDS_BETWEEN = 5;
    private static final int SAMPLES = 12;

    private final Map<RouteSide, Series> series = new ConcurrentHashMap<>();

    private record RouteSide(String route, Side side) {
        static RouteSide of(SideMeters.Key key) {
            return new RouteSide(key.route(), key.side());
        }
    }

    /** Those of one route and side at several upstreams, from before and after it changed, are added up. */
    void follow(SideMeters.Key key, SideMeters meters) {
        series.computeIfAbsent(RouteSide.of(key), of -> new Series()).add(meters);
    }

    /** They count no more. What they counted stays for as long as their route's side has others. */
    void leave(SideMeters.Key key, SideMeters meters) {
        series.computeIfPresent(RouteSide.of(key), (of, its) -> its.leave(meters) ? its : null);
    }

    /** To be called every so many seconds. */
    void sample() {
        series.values().forEach(Series::sample);
    }

    @Override
    public Count of(String route, Side side) {
        Series found = series.get(new RouteSide(route, side));
        return found == null ? Count.NONE : found.count();
    }

    /** Totals at regular times, the newest overwriting the oldest. */
    private static final class Series {
        private final List<SideMeters> followed = new ArrayList<>();
        private long ofThoseThatLeft;
        private final long[] samples = new long[SAMPLES];
        private int taken;

        synchronized void add(SideMeters meters) {
            followed.add(meters);
        }

        /** Whether any is left. */
        synchronized boolean leave(SideMeters meters) {
            if (followed.remove(meters)) {
                ofThoseThatLeft += meters.total();
            }
            return !followed.isEmpty();
        }

        private long total() {
            return ofThoseThatLeft
                    + followed.stream().mapToLong(SideMeters::total).sum();
        }

        synchronized void sample() {
            samples[taken++ % SAMPLES] = total();
        }

        synchronized Count count() {
            long now = total();
            if (taken == 0) {
                return new Count(now, (double) now / SECONDS_BETWEEN);
            }
            int kept = Math.min(taken, SAMPLES);
            long oldest = taken < SAMPLES ? 0 : samples[taken % SAMPLES];
            // Between two samples the last stretch is shorter than the others; over a minute that is a few percent.
            return new Count(now, (double) (now - oldest) / (kept * SECONDS_BETWEEN));
        }
    }
}
