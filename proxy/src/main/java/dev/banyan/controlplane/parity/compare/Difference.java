package dev.banyan.controlplane.parity.compare;

/**
 * One thing in which two answers differ.
 *
 * @param field where: {@code status}, {@code header Location}, {@code body}, or a JSON path without indices: {@code $.items[*].amount}
 * @param legacy what legacy said there: a value if values are kept, else its type and length
 * @param modern what modern said there
 */
public record Difference(String field, Kind kind, String legacy, String modern) {

    /** In which way. */
    public enum Kind {
        /** Modern lacks it. */
        MISSING,
        /** Only modern has it. */
        EXTRA,
        /** A text here, a number there. */
        TYPE,
        VALUE,
        /** It looks different, too: another offset, another length, another kind of letters. */
        SHAPE,
        /** The same elements in another order. */
        ORDER,
        /** More or fewer elements. */
        LENGTH,
        /** It cannot be read as what it says it is. */
        MALFORMED
    }
}
