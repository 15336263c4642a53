package dev.banyan.routing;

/** Everything that has a legacy side goes there. Unsafe requests stay with their owner unless {@code withWrites}. */
public record Freeze(boolean withWrites) {}
