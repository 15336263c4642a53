package dev.banyan.dataplane.mirror;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When legacy may be asked for what a stranger would get, over all loops: once a second and route; and not for a day where it serves
 * strangers, since there is no check that modern could skip.
 */
final class Strangers {
    private static final long DAY = Duration.ofDays(1).toSeconds();
    private static final int MOST_KEPT = 10_000;

    private final Map<String, Long> asked = new ConcurrentHashMap<>();
    private final Map<Open, Long> open = new ConcurrentHashMap<>();

    /**
     * What strangers are served.
     *
     * @param what a match, for who is nobody; for a test user a path, since others of the match may be somebody else's
     */
    record Open(String route, String what) {}

    /** Takes the route's turn of this second, if legacy is not known to serve it. */
    boolean take(Open what, long epochSeconds) {
        Long until = open.get(what);
        if (until != null && epochSeconds < until) {
            return false;
        }
        Long last = asked.put(what.route(), epochSeconds);
        return last == null || last != epochSeconds;
    }

    /** Legacy serves it. */
    void isOpen(Open what, long epochSeconds) {
        if (open.size() >= MOST_KEPT) {
            // Asked once more each: that costs little.
            open.clear();
        }
        open.put(what, epochSeconds + DAY);
    }

    /** Forgets other routes. */
    void retain(Set<String> routes) {
        asked.keySet().retainAll(routes);
        open.keySet().removeIf(what -> !routes.contains(what.route()));
    }
}
