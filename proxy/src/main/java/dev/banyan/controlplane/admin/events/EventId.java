package dev.banyan.controlplane.admin.events;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the stream of events somebody stands.
 *
 * @param revision the newest that was told: holds over restarts, so that what was missed is found in the history
 * @param boot of the process that told it
 * @param sequence counts all events of that process, those that no history keeps, too
 */
public record EventId(long revision, String boot, long sequence) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})-([0-9a-f]{8})-([0-9]{1,15})");

    /** Empty if it is none of ours. */
    static Optional<EventId> of(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new EventId(Long.parseLong(parts.group(1)), parts.group(2), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return revision + "-" + boot + "-" + sequence;
    }
}
