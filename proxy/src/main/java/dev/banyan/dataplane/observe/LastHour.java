package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecordReader;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts the requests of the last hour by route and bucket, so that a plan can say whom it moves.
 *
 * <p>The hour is kept as windows of ten minutes; what they take is bounded, and where that is not enough for an hour, {@code since}
 * says so.
 */
final class LastHour implements RecentRequests, RecordReader {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** Six bytes each. */
    private static final long MOST_PACKED_CELLS = 4_000_000;

    private final InstantSource clock;
    private final long mostPackedCells;

    // All of the following is touched under the lock only.
    private final Map<String, OneRoute> byId = new HashMap<>();
    private final Deque<Span> spans = new ArrayDeque<>();
    private Instant windowBegan;
    private long packedCells;

    LastHour(InstantSource clock) {
        this(clock, MOST_PACKED_CELLS);
    }

    LastHour(InstantSource clock, long mostPackedCells) {
        this.clock = clock;
        this.mostPackedCells = mostPackedCells;
        this.windowBegan = clock.instant();
    }

    /** One route with one way of giving users their buckets. */
    private static final class OneRoute {
        private final String whose;
        private final long sinceRevision;
        private final Instant since;
        private final Tally now = new Tally();
        private final Deque<Window> windows = new ArrayDeque<>();

        OneRoute(String whose, long sinceRevision, Instant since) {
            this.whose = whose;
            this.sinceRevision = sinceRevision;
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

    /** From that revision on the route may be asked for; counted anew once its users have other buckets. */
    synchronized void follow(Route route, long revision) {
        follow(route.id(), route.cohort() + " " + route.stickBy(), revision);
    }

    synchronized void followDefault() {
        follow(RoutingTable.DEFAULT_ROUTE, "", 0);
    }

    private void follow(String id, String whose, long revision) {
        OneRoute known = byId.get(id);
        if (known == null || !known.whose.equals(whose)) {
            forget(id);
            byId.put(id, new OneRoute(whose, revision, clock.instant()));
        }
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
            gone.windows.forEach(window -> packedCells -= window.counts().used());
        }
    }

    @Override
    public synchronized void read(ExchangeRecord record) {
        Destination decided = record.destination();
        if (decided == null || !record.dispatched()) {
            return;
        }
        OneRoute route = byId.get(decided.route());
        // Null while a request was under way as its route went; of an earlier revision, its bucket may be other users.
        if (route != null && record.revision() >= route.sinceRevision) {
            route.now.add(Cells.of(decided));
        }
    }

    @Override
    public synchronized Snapshot of(Set<String> routes) {
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

    @Override
    public synchronized void caughtUp() {
        Instant now = clock.instant();
        if (!now.isBefore(windowBegan.plus(WINDOW))) {
            closeWindow(now);
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
}
