package dev.banyan.dataplane.observe;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * What was done about failures, and why not more. Looked up by name: only failures come here. The words are those of the rules, so
 * their number is bounded.
 */
public final class AttemptMeters {
    private final MeterRegistry registry;

    AttemptMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The same upstream is asked once more. */
    public void retried(String upstream, String why) {
        registry.counter("banyan.retries", "upstream", upstream, "why", why).increment();
    }

    /** An attempt failed, and the same upstream is not asked again. */
    public void notRetried(String upstream, String why) {
        registry.counter("banyan.not.retried", "upstream", upstream, "why", why).increment();
    }

    /**
     * Legacy answers instead of modern.
     *
     * @param failure how modern failed: {@code connect-failed}, {@code status-503} …
     */
    public void fellBack(String route, String failure) {
        registry.counter("banyan.fallbacks", "route", route, "failure", failure).increment();
    }

    /** Modern failed, and legacy is not asked. */
    public void notFallenBack(String route, String failure, String why) {
        registry.counter("banyan.not.fallen.back", "route", route, "failure", failure, "why", why)
                .increment();
    }
}
