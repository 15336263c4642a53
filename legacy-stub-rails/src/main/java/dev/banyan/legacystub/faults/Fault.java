package dev.banyan.legacystub.faults;

import java.time.Duration;

/** What goes wrong with one request: how much later it is answered, and what else. */
public record Fault(Duration latency, Kind kind, int status) {

    public static final Fault NONE = new Fault(Duration.ZERO, Kind.NONE, 200);

    /** What happens beside the latency. */
    public enum Kind {
        NONE,
        /** The status is answered, and no action runs. */
        ERROR,
        /** The connection is reset, and no action runs. */
        RESET
    }
}
