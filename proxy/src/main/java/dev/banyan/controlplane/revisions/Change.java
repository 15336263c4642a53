package dev.banyan.controlplane.revisions;

import java.util.Optional;

/**
 * What somebody asks for, as a value: a pure function of the present and of the {@link Moment} in which it is asked. It reads no clock
 * and no store, and does nothing. {@link Revisions#submit} runs it.
 */
public interface Change {
    /** The one route that it is about; empty: the whole table. */
    default Optional<String> route() {
        return Optional.empty();
    }

    /** Whether it may make the first table; all others need one that is there. */
    default boolean canBeFirst() {
        return false;
    }

    /** What it makes of the present. */
    Step from(Content present, Moment moment);
}
