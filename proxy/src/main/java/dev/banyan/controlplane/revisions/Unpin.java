package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.Acceptance;
import java.util.List;
import java.util.Optional;

/** Takes the present files again, as far as they are good, and keeps the flags. */
public record Unpin() implements Change {

    @Override
    public Step from(Content present, Moment moment) {
        if (present.pinnedTo().isEmpty()) {
            return Step.no(Outcome.Why.NOT_PINNED, "the table is not pinned", "there is nothing to do");
        }
        Stranding stranding = moment.stranding(StrandedWrites.REFUSE);
        Acceptance accepted =
                FilesIntake.whatIsGoodToUnpin(present, moment.files(present), stranding, moment.readings());
        Optional<Content> next = FilesIntake.content(accepted, present);
        if (next.isEmpty()) {
            return FilesIntake.invalid(accepted);
        }
        Step step = stranding.step(present, next.get(), List.of());
        return step instanceof Step.Next ? step.showing(Step.Files.of(accepted)) : step;
    }
}
