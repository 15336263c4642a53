package dev.banyan.yaml;

/** Something a file says, and where. */
public record Stated<T>(T value, Position at) {}
