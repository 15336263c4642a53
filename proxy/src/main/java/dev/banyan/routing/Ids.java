package dev.banyan.routing;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Ids of what two tables hold, in their order. */
public final class Ids {
    private Ids() {}

    public static SortedSet<String> inEither(Map<String, ?> one, Map<String, ?> other) {
        SortedSet<String> ids = new TreeSet<>(one.keySet());
        ids.addAll(other.keySet());
        return ids;
    }

    /** Those that are not the same in both; what is in one of them only must not be. */
    public static SortedSet<String> differing(Map<String, ?> one, Map<String, ?> other, Predicate<String> isSame) {
        SortedSet<String> ids = inEither(one, other);
        ids.removeIf(isSame);
        return ids;
    }
}
