package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Flag;
import dev.banyan.routing.file.FileReadings;
import dev.banyan.routing.file.RoutesDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that a change may know beside what is in force.
 *
 * @param time when it is made
 * @param cause who asks for it, and why
 * @param taken what modern took of each route's writes
 * @param past what was in force before
 * @param readings what the files in force were read as, so that a change need not read them again
 * @param onDisk what the watched directory says; empty: none is watched, or it was not read yet
 */
public record Moment(
        Instant time,
        Cause cause,
        TakenByModern taken,
        Past past,
        Optional<RoutesDirectory.Listed> onDisk,
        FileReadings readings) {

    /** What was in force before. */
    interface Past {
        /** The number of the last revision. */
        long newest();

        /** Empty if there is no such revision. */
        Optional<Content> content(long number);
    }

    <T> Flag<T> flag(T value) {
        return new Flag<>(value, cause.author(), cause.reason(), time);
    }

    Stranding stranding(StrandedWrites asked) {
        return new Stranding(asked, taken);
    }

    /** What is there to be taken: what the disk says, or the last good files where no directory is read. */
    RoutesDirectory.Listed files(Content present) {
        return onDisk.orElseGet(() -> new RoutesDirectory.Listed(present.files(), new TreeMap<>(), List.of()));
    }
}
