package dev.banyan.dataplane.observe;

import dev.banyan.contract.RecentRequests;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.Decision;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Counts the requests of the last hour by route and bucket, so that a plan can say whom it moves.
 *
 * <p>A request costs its loop one number in a ring of its own. Whoever holds the lock takes the numbers out and counts them: a thread,
 * five times a second, and before it answers whoever asks. The hour is kept as windows of ten minutes; what they take is bounded, and
 * where that is not enough for an hour, {@code since} says so.
 */
public final class LastHour implements RecentRequests, AutoCloseable {
    private static final int RING_ITEMS = 1 << 15;
    private static final long MILLIS_BETWEEN_DRAINS = 200;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** Six bytes each. */
    private static final long MOST_PACKED_CELLS = 4_000_000;

    private final InstantSource clock;
    private final Counter dropped;
    private final long mostPackedCells;
    private final RequestRing[] rings;
    private final ScheduledExecutorService drainer;

    // All of the following is touched under the lock only.
    private final Map<String, OneRoute> byId = new HashMap<>();
    private final Map<Integer, OneRoute> bySlot = new HashMap<>();
    private int slots;
    private final Deque<Span> spans = new ArrayDeque<>();
    private Instant windowBegan;
    private long packedCells;

    /**
     * Counts from now on, until it is closed.
     *
     * @param loops how many there are
     * @param dropped counts requests that came faster than they could be counted
     */
    public LastHour(int loops, InstantSource clock, Counter dropped) {
        this(loops, clock, dropped, MOST_PACKED_CELLS);
    }

    LastHour(int loops, InstantSource clock, Counter dropped, long mostPackedCells) {
        this.clock = clock;
        this.dropped = dropped;
        this.mostPackedCells = mostPackedCells;
        this.rings = new RequestRing[loops];
        Arrays.setAll(rings, loop -> new RequestRing(RING_ITEMS));
        this.windowBegan = clock.instant();
        this.drainer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "banyan-last-hour");
            thread.setDaemon(true);
            return thread;
        });
        var unused = drainer.scheduleWithFixedDelay(
                this::drain, MILLIS_BETWEEN_DRAINS, MILLIS_BETWEEN_DRAINS, TimeUnit.MILLISECONDS);
    }

    /** One route with one way of giving users their buckets. */
    private static final class OneRoute {
        private final String whose;
        private final int slot;
        private final Instant since;
        private final Tally now = new Tally();
        private final Deque<Window> windows = new ArrayDeque<>();

        OneRoute(String whose, int slot, Instant since) {
            this.whose = whose;
            this.slot = slot;
            this.since = since;
        }

        Recent told(Instant reachesBackTo) {
            int[] totals = new int[Cells.COUNT];
            windows.forEach(window -> window.counts().addTo(totals));
            now.addTo(totals);
            return Cells.told(totals, since.isAfter(reachesBackTo) ? since : reachesBackTo);
        }

        long requests() {
            long requests = now.total();
            for (Window window : windows) {
                requests += window.counts().total();
            }
            return requests;
        }
    }

    private record Window(Instant began, Tally.Packed counts) {}

    /** When a window was, whether or not anything was counted in it. */
    private record Span(Instant began, Instant ended) {}

    /** What {@link #count} wants to hear of a route; another number once its users have other buckets. */
    synchronized int slot(Route route) {
        return slot(route.id(), route.cohort() + " " + route.stickBy());
    }

    synchronized int slotOfDefault() {
        return slot(RoutingTable.DEFAULT_ROUTE, "");
    }

    private int slot(String id, String whose) {
        OneRoute known = byId.get(id);
        if (known == null || !known.whose.equals(whose)) {
            drain();
            forget(id);
            known = new OneRoute(whose, slots++, clock.instant());
            byId.put(id, known);
            bySlot.put(known.slot, known);
        }
        return known.slot;
    }

    /** Forgets all routes but these, and the default. */
    synchronized void retain(Set<String> ids) {
        for (String id : List.copyOf(byId.keySet())) {
            if (!ids.contains(id) && !id.equals(RoutingTable.DEFAULT_ROUTE)) {
                forget(id);
            }
        }
    }

    private void forget(String id) {
        OneRoute gone = byId.remove(id);
        if (gone != null) {
            bySlot.remove(gone.slot);
            gone.windows.forEach(window -> packedCells -= window.counts().used());
        }
    }

    /** On the exchange's loop. */
    void count(Loop loop, int slot, Decision decision) {
        if (!rings[loop.number()].offer((long) slot << Integer.SIZE | Cells.of(decision))) {
            dropped.increment();
        }
    }

    @Override
    public synchronized Snapshot of(Set<String> routes) {
        drain();
        Instant reachesBackTo = spans.isEmpty() ? windowBegan : spans.getFirst().began();
        Map<String, Recent> told = new HashMap<>();
        for (String route : routes) {
            OneRoute found = byId.get(route);
            if (found != null) {
                told.put(route, found.told(reachesBackTo));
            }
        }
        long requests = byId.values().stream().mapToLong(OneRoute::requests).sum();
        return new Snapshot(reachesBackTo, requests, told);
    }

    private synchronized void drain() {
        for (RequestRing ring : rings) {
            ring.drainTo(this::add);
        }
        Instant now = clock.instant();
        if (!now.isBefore(windowBegan.plus(WINDOW))) {
            closeWindow(now);
        }
    }

    private void add(long item) {
        // Null for a request that was under way while its route went, or got other buckets.
        OneRoute route = bySlot.get((int) (item >>> Integer.SIZE));
        if (route != null) {
            route.now.add((int) item);
        }
    }

    private void closeWindow(Instant now) {
        for (OneRoute route : byId.values()) {
            if (route.now.used() > 0) {
                route.windows.add(new Window(windowBegan, route.now.packed()));
                packedCells += route.now.used();
                route.now.clear();
            }
        }
        spans.add(new Span(windowBegan, now));
        windowBegan = now;
        while (!spans.isEmpty() && (isOver(spans.getFirst(), now) || packedCells > mostPackedCells)) {
            dropWindow(spans.removeFirst().began());
        }
    }

    /** A span that has begun an hour ago and ended since is kept whole. */
    private static boolean isOver(Span span, Instant now) {
        return !span.ended().isAfter(now.minus(HOUR));
    }

    private void dropWindow(Instant began) {
        for (OneRoute route : byId.values()) {
            Window first = route.windows.peekFirst();
            if (first != null && first.began().equals(began)) {
                packedCells -= route.windows.removeFirst().counts().used();
            }
        }
    }

    @Override
    public void close() {
        drainer.shutdownNow();
    }
}
