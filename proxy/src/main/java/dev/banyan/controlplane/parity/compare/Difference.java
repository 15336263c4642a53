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
        MALFORMED,
        /** What was written cannot be read at modern, however often it was looked for. */
        LOST,
        /** Modern serves without any credentials what legacy refuses. */
        CHECK_SKIPPED,
        /** Modern serves to somebody what legacy keeps for somebody else. */
        OWNERS_CHECK_SKIPPED;

        /** Whether one of it is enough to say that modern's answers are wrong. */
        public boolean isOfTheWorst() {
            return this == LOST || this == CHECK_SKIPPED || this == OWNERS_CHECK_SKIPPED;
        }
    }
}
