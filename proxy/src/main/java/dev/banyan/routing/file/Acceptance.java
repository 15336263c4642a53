package dev.banyan.routing.file;

import dev.banyan.yaml.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which files are taken as they are now, and what comes of them.
 *
 * @param lastGood the text of each file that is in force now; the next decision begins with it
 * @param heldBack by file, why its present content (or its absence) is not taken
 * @param read the table; empty if not even what was in force makes one, as at a start without any good file
 */
public record Acceptance(
        SortedMap<String, String> lastGood, SortedMap<String, List<Problem>> heldBack, Optional<Reading.Read> read) {
    public Acceptance {
        lastGood = Collections.unmodifiableSortedMap(new TreeMap<>(lastGood));
        heldBack = Collections.unmodifiableSortedMap(new TreeMap<>(heldBack));
    }
}
