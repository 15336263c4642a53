package dev.banyan.routing.decide;

import dev.banyan.routing.Words;

/** Why a request goes where it goes. The words stand in logs, metrics, debug headers and {@code explain}. */
public enum Reason {
    /** No route matches. */
    DEFAULT,
    /** The route has no modern side yet. */
    LEGACY_ONLY,
    /** The route has no legacy side any more. */
    COMPLETE,
    /** Unsafe, and {@code writes} names an owner. */
    OWNER,
    FROZEN,
    FENCED,
    FORCED,
    PILOT,
    CANARY,
    /** A format suffix that modern does not serve. */
    FORMAT,
    /** Modern was to answer and failed, so legacy did. */
    FALLBACK;

    private final String word = Words.of(this);

    /** As it is written everywhere: {@code legacy-only}. */
    public String word() {
        return word;
    }
}
