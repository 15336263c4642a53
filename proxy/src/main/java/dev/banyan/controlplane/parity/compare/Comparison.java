package dev.banyan.controlplane.parity.compare;

import java.util.List;

/** What comparing two answers came to. */
public sealed interface Comparison {

    /** As metrics have it. */
    String word();

    /** They say the same. */
    record Matched() implements Comparison {
        @Override
        public String word() {
            return "matched";
        }
    }

    /**
     * They do not.
     *
     * @param more whether there are others, which were not looked for
     */
    record Different(List<Difference> differences, boolean more) implements Comparison {
        public Different {
            differences = List.copyOf(differences);
        }

        @Override
        public String word() {
            return "different";
        }
    }

    /**
     * Nobody can tell.
     *
     * @param why a stable word: {@code truncated}, {@code encoding}, {@code too-deep}
     */
    record NotCompared(String why) implements Comparison {
        @Override
        public String word() {
            return "not-compared";
        }
    }
}
