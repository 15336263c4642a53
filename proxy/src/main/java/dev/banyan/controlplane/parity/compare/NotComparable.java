package dev.banyan.controlplane.parity.compare;

import java.io.Serial;

/** Ends a comparison from deep within; caught by {@link Comparer}, which makes it a value. */
final class NotComparable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param why a stable word */
    NotComparable(String why) {
        // No stack trace: it may happen with every answer of a route.
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
