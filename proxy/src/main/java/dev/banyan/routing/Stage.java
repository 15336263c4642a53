package dev.banyan.routing;

import java.util.Locale;

/** Where a route stands: derived, never declared. */
public enum Stage {
    LEGACY,
    SHADOW,
    CANARY,
    LIVE,
    COMPLETE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
