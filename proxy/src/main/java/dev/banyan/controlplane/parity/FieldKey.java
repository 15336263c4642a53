package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference;
import java.util.Set;
import java.util.stream.Collectors;

/** One way in which answers to one match may differ. */
public record FieldKey(String match, String field, Difference.Kind kind) {

    static FieldKey of(String match, Difference difference) {
        return new FieldKey(match, difference.field(), difference.kind());
    }

    /** All that differ. */
    static Set<FieldKey> all(String match, Comparison.Different different) {
        return different.differences().stream()
                .map(difference -> of(match, difference))
                .collect(Collectors.toSet());
    }

    /** That there is something else, for which there was no room. */
    static FieldKey somewhere(String match) {
        return new FieldKey(match, "", Difference.Kind.VALUE);
    }

    /** That its value differs, if this is but that the value looks different, too. */
    FieldKey ofValue() {
        return new FieldKey(match, field, Difference.Kind.VALUE);
    }
}
