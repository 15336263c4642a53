package dev.banyan.controlplane.parity.compare;

/** Numbers that look like chance, made of those that follow each other. */
public final class Mixed {
    private Mixed() {}

    /** The finaliser of SplitMix64 (Steele et al., 2014). */
    public static long of(long number) {
        long mixed = (number + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
