package dev.banyan.dataplane.mirror;

import java.time.Duration;

/**
 * How much of a request and its answers is looked at.
 *
 * @param maxBytes of each body, as it is sent
 * @param time from the copy's start to the end of its answer
 */
public record Bounds(int maxBytes, Duration time) {
    public static final Bounds USUAL = new Bounds(256 * 1024, Duration.ofSeconds(15));
}
