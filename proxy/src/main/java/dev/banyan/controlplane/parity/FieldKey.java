package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.parity.compare.Difference;

/** One way in which answers to one match may differ. */
public record FieldKey(String match, String field, Difference.Kind kind) {

    static FieldKey of(String match, Difference difference) {
        return new FieldKey(match, difference.field(), difference.kind());
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
