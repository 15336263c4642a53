package dev.banyan.moneyseed;

import java.math.BigDecimal;
import java.time.Instant;

/** Money that came (amount over zero) or went (under zero). */
public record Transaction(
        long id, long accountId, long userId, BigDecimal amount, String description, Instant createdAt) {}
