package dev.banyan.routing;

import java.time.Instant;

/** A live override of one thing of the table, and who set it, when and why. */
public record Flag<T>(T value, String author, String reason, Instant since) {}
