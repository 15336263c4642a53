package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.Acceptance;
import java.util.List;
import java.util.Optional;

/** Takes the present files again, as far as they are good, and keeps the flags. */
record Unpin(Acceptance accepted, Stranding stranding) implements Change {

    @Override
    public Step from(Content present) {
        if (present.pinnedTo().isEmpty()) {
            return Step.no(Outcome.Why.NOT_PINNED, "the table is not pinned", "there is nothing to do");
        }
        Optional<Content> next = TakeFiles.next(accepted, present);
        if (next.isEmpty()) {
            return TakeFiles.invalid(accepted);
        }
        return stranding.step(present, next.get(), List.of());
    }
}
