package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.RoutesDirectory;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Takes these files as a whole or not at all, as the base under the flags that are there: {@code banyan apply}, and the first start of
 * {@code source: api}.
 *
 * @param listed files, and what is wrong with those that cannot be read
 */
public record ApplyFiles(RoutesDirectory.Listed listed) implements Change {

    /** Files that can be read, text by name. */
    public ApplyFiles(SortedMap<String, String> files) {
        this(new RoutesDirectory.Listed(files, new TreeMap<>(), List.of()));
    }

    @Override
    public boolean canBeFirst() {
        return true;
    }

    @Override
    public Step from(Content present, Moment moment) {
        if (present.pinnedTo().isPresent()) {
            return Step.no(
                    Outcome.Why.PINNED,
                    "the table is pinned to revision " + present.pinnedTo().get() + " by a rollback",
                    "run banyan unpin first");
        }
        return FilesIntake.step(FilesIntake.whole(present, listed, moment.stranding(StrandedWrites.REFUSE)), present);
    }
}
