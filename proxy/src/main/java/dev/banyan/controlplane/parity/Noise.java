package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.parity.compare.Comparison;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What differs by itself on one route: how often legacy's second answer to a request was not its first. Bounded, and kept over restarts.
 */
final class Noise {
    private static final int MOST_FIELDS = 200;
    private static final int MOST_MATCHES = 100;

    private final Map<String, Long> repeats;
    private final Map<FieldKey, Long> differing;
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
            different.differences().forEach(difference -> {
                FieldKey key = FieldKey.of(match, difference);
                if (differing.size() < MOST_FIELDS || differing.containsKey(key)) {
                    differing.merge(key, 1L, Long::sum);
                }
            });
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
