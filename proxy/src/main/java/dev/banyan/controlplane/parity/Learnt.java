package dev.banyan.controlplane.parity;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was learnt of noise, of all routes, before this process began and since: taken up, and kept. */
final class Learnt {
    private static final Logger LOG = LoggerFactory.getLogger(Learnt.class);
    private static final Duration KEPT_EVERY = Duration.ofMinutes(1);

    /** From how many repeats of a route; read by event loops. */
    private final Map<String, Long> repeats = new ConcurrentHashMap<>();

    private volatile NoiseStore store = NoiseStore.NOWHERE;
    private volatile Map<String, NoiseStore.Kept> before = Map.of();
    private volatile boolean isUnkept;
    private long keptNanos = System.nanoTime();

    void remember(NoiseStore keeper) {
        before = keeper.read();
        before.forEach((id, kept) -> repeats.putIfAbsent(id, new Noise(kept).repeats()));
        store = keeper;
    }

    long repeats(String route) {
        return repeats.getOrDefault(route, 0L);
    }

    /** What a route begins with: what was learnt of it, if that was of the same legacy. */
    Noise of(String route, String legacy) {
        NoiseStore.Kept kept = before.getOrDefault(route, NoiseStore.Kept.NOTHING);
        Noise noise = kept.upstream().equals(legacy) ? new Noise(kept) : new Noise();
        repeats.put(route, noise.repeats());
        return noise;
    }

    void learnt(String route, long all) {
        repeats.put(route, all);
        isUnkept = true;
    }

    /** Another legacy differs in other fields. */
    void forget(String route) {
        learnt(route, 0);
    }

    void retain(Set<String> routes) {
        repeats.keySet().retainAll(routes);
    }

    /** Every so often, if there is anything new. */
    void keepIfDue(Supplier<Map<String, NoiseStore.Kept>> now) {
        if (System.nanoTime() - keptNanos > KEPT_EVERY.toNanos()) {
            keep(now);
        }
    }

    /**
     * Keeps what is new; what a route that no answer came of had learnt before stays.
     *
     * @param now of the routes of which answers came; looked at if there is anything new
     */
    void keep(Supplier<Map<String, NoiseStore.Kept>> now) {
        keptNanos = System.nanoTime();
        NoiseStore keeper = store;
        if (!isUnkept || keeper == NoiseStore.NOWHERE) {
            return;
        }
        isUnkept = false;
        Map<String, NoiseStore.Kept> all = new TreeMap<>(before);
        all.keySet().retainAll(repeats.keySet());
        all.putAll(now.get());
        try {
            keeper.write(all);
        } catch (IOException e) {
            isUnkept = true;
            LOG.warn("what was learnt of noise could not be kept, and is learnt again after a restart", e);
        }
    }
}
