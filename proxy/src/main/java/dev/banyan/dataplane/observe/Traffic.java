package dev.banyan.dataplane.observe;

import dev.banyan.contract.TrafficCounts;
import dev.banyan.routing.Side;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Requests by route and side since the start, and their rate over the last minute: sampled from the meters, off every loop. */
final class Traffic implements TrafficCounts, AutoCloseable {
    private static final int SAMPLES = 12;
    private static final int SECONDS_BETWEEN = 5;

    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-traffic");
        thread.setDaemon(true);
        return thread;
    });

    private record Key(String route, Side side) {}

    Traffic() {
        sampler.scheduleAtFixedRate(
                () -> series.values().forEach(Series::sample), SECONDS_BETWEEN, SECONDS_BETWEEN, TimeUnit.SECONDS);
    }

    /** Several totals of one route and side, from before and after its upstreams changed, are added up. */
    void follow(String route, Side side, LongSupplier total) {
        series.merge(new Key(route, side), new Series(total), Series::plus);
    }

    @Override
    public Count of(String route, Side side) {
        Series found = series.get(new Key(route, side));
        return found == null ? Count.NONE : found.count();
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }

    /** Totals at regular times, the newest overwriting the oldest. */
    private static final class Series {
        private final LongSupplier total;
        private final long[] samples = new long[SAMPLES];
        private int taken;

        Series(LongSupplier total) {
            this.total = total;
        }

        Series plus(Series other) {
            return new Series(() -> total.getAsLong() + other.total.getAsLong());
        }

        synchronized void sample() {
            samples[taken++ % SAMPLES] = total.getAsLong();
        }

        synchronized Count count() {
            long now = total.getAsLong();
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
