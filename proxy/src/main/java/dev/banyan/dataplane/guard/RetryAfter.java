package dev.banyan.dataplane.guard;

import java.time.Duration;

/** Keeps guesses of when to come back within reason: not at once, and not so late that nobody would wait for it. */
final class RetryAfter {
    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofSeconds(30);

    private RetryAfter() {}

    static Duration within(Duration guess) {
        if (guess.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return guess.compareTo(LATEST) > 0 ? LATEST : guess;
    }
}
