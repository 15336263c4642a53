package dev.banyan.money.seed;

import java.math.BigDecimal;
import java.time.Instant;

/** What a user saves for. */
public record Goal(long id, long userId, String name, BigDecimal target, BigDecimal saved, Instant createdAt) {}
