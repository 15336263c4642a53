package dev.banyan.controlplane.revisions;

import java.util.List;
import java.util.Optional;

/**
 * How the files on disk stand to what is in force.
 *
 * @param heldBack files whose new content is refused; their last good content stays in force
 * @param waiting files that changed while the table is pinned; they are taken at {@code unpin}
 * @param notTaken why nothing is taken from the directory at present, as one problem; empty: it is
 */
public record FilesStatus(List<HeldBack> heldBack, List<String> waiting, Optional<String> notTaken) {
    static final FilesStatus AS_ON_DISK = new FilesStatus(List.of(), List.of(), Optional.empty());

    public FilesStatus {
        heldBack = List.copyOf(heldBack);
        waiting = List.copyOf(waiting);
    }

    /** One refused file, with every problem as {@code FILE:LINE:COL: what; fix: ...}. */
    public record HeldBack(String file, List<String> problems) {
        public HeldBack {
            problems = List.copyOf(problems);
        }
    }
}
