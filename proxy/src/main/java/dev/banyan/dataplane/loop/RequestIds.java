package dev.banyan.dataplane.loop;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Ids for requests that came without one: 128 random bits as 32 hex digits, unguessable enough for a log and cheap. */
final class RequestIds {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS_PER_HALF = 16;

    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

    String next() {
        byte[] digits = new byte[2 * DIGITS_PER_HALF];
        write(random.nextLong(), digits, 0);
        write(random.nextLong(), digits, DIGITS_PER_HALF);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    private static void write(long bits, byte[] digits, int from) {
        for (int i = from; i < from + DIGITS_PER_HALF; i++) {
            digits[i] = HEX[(int) (bits & 0xf)];
            bits >>>= 4;
        }
    }
}
