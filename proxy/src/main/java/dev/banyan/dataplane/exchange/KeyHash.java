package dev.banyan.dataplane.exchange;

import org.jspecify.annotations.Nullable;

/** Tells sticky keys apart without keeping them: FNV-1a over 64 bits, which mixes no two of a million users up in all likelihood. */
public final class KeyHash {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private KeyHash() {}

    /** 0 if there is no key. */
    public static long of(@Nullable String key) {
        if (key == null) {
            return 0;
        }
        long hash = OFFSET;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * PRIME;
        }
        return hash == 0 ? OFFSET : hash;
    }
}
