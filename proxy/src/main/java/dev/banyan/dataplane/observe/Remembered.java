package dev.banyan.dataplane.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the table in force names, and what one named until lately: whoever reads the meters now and then should see their last numbers.
 * Not safe for several threads.
 */
final class Remembered<T> {
    static final Duration AFTER_LEAVING = Duration.ofMinutes(15);

    private final Set<T> present = new HashSet<>();
    private final Map<T, Instant> left = new HashMap<>();

    /** From now on these are present, and no others. */
    void present(Set<T> all, Instant now) {
        present.forEach(one -> left.putIfAbsent(one, now));
        present.clear();
        all.forEach(this::joins);
    }

    /** It is about to be present. */
    void joins(T one) {
        left.remove(one);
        present.add(one);
    }

    boolean has(T one) {
        return present.contains(one) || left.containsKey(one);
    }

    /** Forgets those that left too long ago; whether there were any. */
    boolean forget(Instant now) {
        return left.values().removeIf(since -> since.plus(AFTER_LEAVING).isBefore(now));
    }
}
