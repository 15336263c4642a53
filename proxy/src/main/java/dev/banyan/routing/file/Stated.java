package dev.banyan.routing.file;

/** Something a file says, and where. */
record Stated<T>(T value, Position at) {}
