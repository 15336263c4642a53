package dev.banyan.dataplane.loop;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Ids for requests that came without one: 128 random bits as 32 hex digits, unguessable enough for a log and cheap. */
final class RequestIds {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int DIGITS_PER_HALF = 16;

    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

    String next() {
        char[] digits = new char[2 * DIGITS_PER_HALF];
        write(random.nextLong(), digits, 0);
        write(random.nextLong(), digits, DIGITS_PER_HALF);
        return new String(digits);
    }

    private static void write(long bits, char[] digits, int from) {
        for (int i = from; i < from + DIGITS_PER_HALF; i++) {
            digits[i] = HEX[(int) (bits & 0xf)];
            bits >>>= 4;
        }
    }
}
