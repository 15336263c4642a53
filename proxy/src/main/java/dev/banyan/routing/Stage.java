package dev.banyan.routing;

/** Where a route stands: derived, never declared. */
public enum Stage {
    LEGACY,
    SHADOW,
    CANARY,
    LIVE,
    COMPLETE;

    public String word() {
        return Words.of(this);
    }
}
