package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.RecordReader;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.routing.Side;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Requests by route and the side that answered, since the start, and their rate over the last minute. */
final class Traffic implements TrafficCounts, RecordReader {
    static final int SECONDS_BETWEEN = 5;
    private static final int SAMPLES = 12;

    private final Map<RouteSide, Series> series = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();

    private record RouteSide(String route, Side side) {}

    @Override
    public void read(ExchangeRecord record) {
        Destination decided = record.destination();
        if (decided != null && record.dispatched()) {
            series.computeIfAbsent(
                            new RouteSide(decided.route(), decided.answeredBy()), added -> new Series(taken.get()))
                    .add();
        }
    }

    /** Forgets the routes that are not known any more. */
    void retain(Predicate<String> known) {
        series.keySet().removeIf(each -> !known.test(each.route()));
    }

    /** To be called every so many seconds. */
    void sample() {
        taken.incrementAndGet();
        series.values().forEach(Series::sample);
    }

    @Override
    public Count of(String route, Side side) {
        Series found = series.get(new RouteSide(route, side));
        return found == null ? Count.NONE : found.count();
    }

    /** Totals at regular times, the newest overwriting the oldest. */
    private static final class Series {
        private final long[] samples = new long[SAMPLES];
        private long total;
        private int taken;

        /** @param taken how many samples there would be, all zero, if it had been there from the start */
        Series(int taken) {
            this.taken = taken;
        }

        synchronized void add() {
            total++;
        }

        synchronized void sample() {
            samples[taken++ % SAMPLES] = total;
        }

        synchronized Count count() {
            if (taken == 0) {
                return new Count(total, (double) total / SECONDS_BETWEEN);
            }
            int kept = Math.min(taken, SAMPLES);
            long oldest = taken < SAMPLES ? 0 : samples[taken % SAMPLES];
            // Between two samples the last stretch is shorter than the others; over a minute that is a few percent.
            return new Count(total, (double) (total - oldest) / (kept * SECONDS_BETWEEN));
        }
    }
}
