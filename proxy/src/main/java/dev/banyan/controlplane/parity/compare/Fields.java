package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The fields of a head by their names in lower case, as a client sees them. */
final class Fields {
    private Fields() {}

    static SortedMap<String, List<String>> byName(SeenAnswer answer) {
        SortedMap<String, List<String>> fields = new TreeMap<>();
        for (SeenAnswer.HeaderField field : answer.fields()) {
            fields.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.value().strip());
        }
        return fields;
    }
}
