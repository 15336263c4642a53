package dev.banyan.controlplane.parity.compare;

/**
 * One thing in which two answers differ.
 *
 * @param field where: {@code status}, {@code header Location}, {@code body}, or a JSON path without indices: {@code $.items[*].amount}
 * @param legacy what legacy said there: a value if values are kept, else its type and length
 * @param modern what modern said there
 * @param legacyWord tells words apart, if what legacy said is one; 0: it is not
 * @param modernWord the same of modern's
 */
public record Difference(String field, Kind kind, String legacy, String modern, long legacyWord, long modernWord) {
    private static final int LONGEST_WORD = 40;

    /** One whose values are no words. */
    public Difference(String field, Kind kind, String legacy, String modern) {
        this(field, kind, legacy, modern, 0, 0);
    }

    /** A number that tells a short text from others; 0 for a longer one. */
    static long word(String text) {
        return text.length() > LONGEST_WORD ? 0 : Mixed.of(31L * text.hashCode() + text.length()) | 1;
    }

    /** That it looks different, too. */
    public Difference ofShape() {
        return new Difference(field, Kind.SHAPE, legacy, modern);
    }

    /** In which way. */
    public enum Kind {
        /** Modern lacks it. */
        MISSING,
        /** Only modern has it. */
        EXTRA,
        /** A text here, a number there. */
        TYPE,
        VALUE,
        /** It looks different, too: another offset, another length, another kind of letters, a word that legacy never says. */
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
