package dev.banyan.routing.decide;

import dev.banyan.routing.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The stable number 0..9999 that a cohort and a sticky key hash to; a request goes to modern when it is under the canary's basis points.
 *
 * <p>It is the first eight bytes of SHA-256(cohort, a zero byte, sticky key), as an unsigned big-endian number, modulo 10,000. No
 * secret goes into it: it is the same on every replica, after every change of secrets, and in a shell:
 *
 * <pre>{@code
 * printf 'transactions\0user:42' | sha256sum | head -c 16 | tr a-f A-F | xargs -I{} echo 'ibase=16; {} % 2710' | bc
 * }</pre>
 */
public final class Bucket {
    public static final int COUNT = 10_000;

    /** One per thread, used again and again: asking for a new one goes through the list of security providers. */
    private static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Sha256::begun);

    private Bucket() {}

    public static int of(String cohort, String stickyKey) {
        MessageDigest digest = OF_THREAD.get(); // as good as new: digesting resets it
        digest.update(cohort.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        byte[] hash = digest.digest(stickyKey.getBytes(StandardCharsets.UTF_8));
        return (int) Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), COUNT);
    }
}
