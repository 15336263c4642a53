package dev.banyan.money.seed;

import java.math.BigDecimal;
import java.time.Instant;

/** Money that came (amount over zero) or went (under zero). */
public record Transaction(
        long id, long accountId, long userId, BigDecimal amount, String description, Instant createdAt) {

    // The first odd number over 2^53: a double has no place for it, nor for any odd one that follows.
    private static final long FIRST_REFERENCE = 9_007_199_254_740_993L;

    /** The bank's number for it. */
    public long reference() {
        return FIRST_REFERENCE + 2 * id;
    }
}
