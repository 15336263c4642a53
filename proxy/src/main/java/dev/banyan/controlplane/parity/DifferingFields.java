package dev.banyan.controlplane.parity;

import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** The fields in which a route's answers differed, in bounded memory. Its owner guards it. */
final class DifferingFields {
    private static final int MOST = 200;

    private final Room room;
    private final Map<FieldKey, FieldLedger> fields = new LinkedHashMap<>();
    private boolean more;

    DifferingFields(Room room) {
        this.room = room;
    }

    /**
     * Counts all that differ in a pair; what finds no room any more is one that has no name.
     *
     * @param number of the pair, in this route
     * @param era in which it is counted
     */
    Set<FieldKey> add(ShadowPair pair, Comparison.Different different, long number, long era) {
        Set<FieldKey> keys = new LinkedHashSet<>();
        boolean untold = different.more();
        for (Difference difference : different.differences()) {
            FieldKey key = FieldKey.of(pair.match(), difference);
            FieldLedger ledger = fields.get(key);
            if (ledger == null && fields.size() < MOST && Room.take(room.fields())) {
                ledger = new FieldLedger(difference, pair, room);
                fields.put(key, ledger);
            }
            if (ledger == null) {
                untold = true;
            } else {
                ledger.add(pair, number, era);
                keys.add(key);
            }
        }
        if (untold) {
            more = true;
            keys.add(FieldKey.somewhere(pair.match()));
        }
        return keys;
    }

    /** Whether there were more than are kept. */
    boolean hasMore() {
        return more;
    }

    /** Tells each that differed in that stretch, and how often. */
    void counts(long era, long from, BiConsumer<FieldKey, Long> told) {
        fields.forEach((key, ledger) -> {
            long count = ledger.count(era, from);
            if (count > 0) {
                told.accept(key, count);
            }
        });
    }

    /** Those that differ in the same answers, as a cause: the most frequent first. */
    List<RouteParity.Cause> causes(
            long era,
            long from,
            Predicate<FieldKey> isTold,
            Function<FieldKey, Standing> standing,
            Function<List<Map.Entry<FieldKey, FieldLedger>>, RouteParity.Cause> cause) {
        Map<String, List<Map.Entry<FieldKey, FieldLedger>>> together = new LinkedHashMap<>();
        for (Map.Entry<FieldKey, FieldLedger> each : fields.entrySet()) {
            FieldKey key = each.getKey();
            long count = each.getValue().count(era, from);
            if (count > 0 && isTold.test(key)) {
                together.computeIfAbsent(
                                key.match() + " " + each.getValue().cause(count) + standing.apply(key),
                                unused -> new ArrayList<>())
                        .add(each);
            }
        }
        return together.values().stream()
                .map(cause)
                .sorted(Comparator.comparing(RouteParity.Cause::standing)
                        .thenComparing(Comparator.comparingLong(RouteParity.Cause::count)
                                .reversed()))
                .toList();
    }

    /** Forgets all, and gives back the room. */
    void forget() {
        room.fields().addAndGet(fields.size());
        fields.values().forEach(FieldLedger::forget);
        fields.clear();
    }
}
