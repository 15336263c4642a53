package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What differs by itself on one route: how often legacy's second answer to a request was not its first. Bounded, and kept over restarts.
 */
final class Noise {
    private static final int MOST_FIELDS = 200;
    private static final int MOST_MATCHES = 100;

    private final Map<String, Long> repeats;
    private final Map<FieldKey, Long> differing;

    /** Which words a noisy field has. Not kept over restarts: a word could be told from its number. */
    private final Map<FieldKey, Words> words = new HashMap<>();

    private long fields;

    Noise() {
        this(NoiseStore.Kept.NOTHING);
    }

    Noise(NoiseStore.Kept kept) {
        repeats = new TreeMap<>(kept.repeats());
        differing = new LinkedHashMap<>();
        kept.differing().forEach(each -> differing.put(each.key(), each.count()));
        fields = kept.fields();
    }

    /** @param upstream which legacy it is that differs from itself so */
    NoiseStore.Kept kept(String upstream) {
        return new NoiseStore.Kept(
                upstream,
                repeats,
                differing.entrySet().stream()
                        .map(each -> new NoiseStore.Differing(each.getKey(), each.getValue()))
                        .toList(),
                fields);
    }

    /** Learns from two answers of legacy to one request. */
    void add(String match, Comparison comparison) {
        if (comparison instanceof Comparison.NotCompared
                || repeats.size() >= MOST_MATCHES && !repeats.containsKey(match)) {
            return;
        }
        repeats.merge(match, 1L, Long::sum);
        if (comparison instanceof Comparison.Different different) {
            withForeignWords(match, different).differences().forEach(difference -> {
                FieldKey key = FieldKey.of(match, difference);
                if (differing.size() < MOST_FIELDS || differing.containsKey(key)) {
                    differing.merge(key, 1L, Long::sum);
                }
            });
        }
    }

    /**
     * The same, and that a noisy field looks different where legacy has said one of a few words there so far, and now it, or modern, says
     * another.
     */
    Comparison.Different withForeignWords(String match, Comparison.Different different) {
        List<Difference> all = new ArrayList<>(different.differences());
        for (Difference difference : different.differences()) {
            if (difference.kind() == Difference.Kind.VALUE && difference.legacyWord() != 0) {
                FieldKey key = FieldKey.of(match, difference);
                Words list = words.get(key);
                if (list == null && words.size() < MOST_FIELDS) {
                    list = new Words();
                    words.put(key, list);
                }
                boolean foreign = list != null && list.isForeign(difference);
                boolean told = different.differences().stream()
                        .anyMatch(each -> each.kind() == Difference.Kind.SHAPE
                                && each.field().equals(difference.field()));
                if (foreign && !told) {
                    all.add(difference.ofShape());
                }
            }
        }
        return new Comparison.Different(all, different.more());
    }

    /** What legacy says in one field, while that is one of a few words. */
    private static final class Words {
        private static final int MOST = 20;

        /** So often each must have been said, on average, before another is a stranger. */
        private static final int OFTEN = 10;

        private final Set<Long> said = new HashSet<>();
        private long times;

        boolean isForeign(Difference difference) {
            boolean isList = said.size() <= MOST && times >= (long) OFTEN * Math.max(2, said.size());
            boolean foreign =
                    isList && !(said.contains(difference.legacyWord()) && said.contains(difference.modernWord()));
            times++;
            if (said.size() <= MOST) {
                said.add(difference.legacyWord());
            }
            return foreign;
        }
    }

    /** Whether nobody has said yet how many fields are compared. */
    boolean isNew() {
        return fields == 0;
    }

    /** There are so many fields in one of its answers. */
    void compares(long more) {
        fields = Math.max(fields, more);
    }

    long fields() {
        return Math.max(1, fields * Math.max(1, repeats.size()));
    }

    /** Two answers of legacy that differ in it, among all. */
    Counted of(FieldKey key) {
        long all = repeats.getOrDefault(key.match(), 0L);
        return new Counted(Math.min(all, differing.getOrDefault(key, 0L)), all);
    }

    long repeats() {
        return repeats.values().stream().mapToLong(Long::longValue).sum();
    }
}
