package dev.banyan.money.seed;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Where a user keeps money.
 *
 * <p>It has an opening balance and not a running one: a running one would change with every transaction, and while
 * transactions move to a service of their own, the two sides could not show the same number.
 */
public record Account(
        long id,
        long userId,
        String name,
        String kind,
        String currency,
        BigDecimal openingBalance,
        Instant createdAt) {}
