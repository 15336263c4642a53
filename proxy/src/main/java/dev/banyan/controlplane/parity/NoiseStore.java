package dev.banyan.controlplane.parity;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Where what was learnt of noise outlives a process. */
public interface NoiseStore {
    /** Keeps nothing. */
    NoiseStore NOWHERE = new NoiseStore() {
        @Override
        public Map<String, Kept> read() {
            return Map.of();
        }

        @Override
        public void write(Map<String, Kept> routes) {
            // That is what it is for.
        }
    };

    /** What was written last, by route; nothing if that cannot be read: it is learnt again. */
    Map<String, Kept> read();

    /** Replaces all of it. */
    void write(Map<String, Kept> routes) throws IOException;

    /**
     * What was learnt of one route.
     *
     * @param upstream which legacy it is of, as a file describes it: another differs in other fields
     * @param repeats how often it was asked twice, by match
     * @param fields how many are compared in one answer at most
     */
    record Kept(String upstream, Map<String, Long> repeats, List<Differing> differing, long fields) {
        static final Kept NOTHING = new Kept("", Map.of(), List.of(), 0);

        public Kept {
            repeats = Map.copyOf(repeats);
            differing = List.copyOf(differing);
        }
    }

    /** In how many of the repeats a field differed. */
    record Differing(FieldKey key, long count) {}
}
