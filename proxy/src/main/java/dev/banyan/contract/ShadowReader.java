package dev.banyan.contract;

import java.util.function.Consumer;

/** Who compares. Told on event loops, so it must return at once: what it does with a pair it does elsewhere. */
public interface ShadowReader {
    /** Nobody compares. */
    ShadowReader NOBODY = new ShadowReader() {
        @Override
        public boolean read(ShadowPair pair) {
            return false;
        }

        @Override
        public boolean read(RepeatedAnswer repeated) {
            return false;
        }

        @Override
        public boolean read(ReadBack written) {
            return false;
        }

        @Override
        public void read(SkippedCheck skipped) {
            // Nobody is told.
        }

        @Override
        public boolean resembles(String route, SeenAnswer one, SeenAnswer other, Consumer<Boolean> told) {
            return false;
        }

        @Override
        public long repeatsKnown(String route) {
            return 0;
        }
    };

    /**
     * Takes a pair.
     *
     * @return false: it has more than it can compare, and does not take this one
     */
    boolean read(ShadowPair pair);

    /**
     * Takes what one side answered twice.
     *
     * @return false: as for a pair
     */
    boolean read(RepeatedAnswer repeated);

    /**
     * Takes what both sides show of a write.
     *
     * @return false: as for a pair
     */
    boolean read(ReadBack written);

    /** Takes that modern served what legacy refuses. */
    void read(SkippedCheck skipped);

    /**
     * Compares two answers of one side.
     *
     * @param told whether they may be the same page, on another thread
     * @return false: as for a pair
     */
    boolean resembles(String route, SeenAnswer one, SeenAnswer other, Consumer<Boolean> told);

    /** From how many repeats of a route it has learnt what differs by itself: the more, the fewer are needed. */
    long repeatsKnown(String route);
}
