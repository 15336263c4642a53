package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.Acceptance;
import dev.banyan.routing.file.RoutesDirectory;
import java.util.Set;

/**
 * What the watched directory says becomes the base, under the flags that are there, as far as it is good; the rest is held back, or
 * waits while the table is pinned.
 */
record TakeFiles(RoutesDirectory.Listed listed) implements Change {

    @Override
    public boolean canBeFirst() {
        return true;
    }

    @Override
    public Step from(Content present, Moment moment) {
        Stranding stranding = moment.stranding(StrandedWrites.REFUSE);
        if (present.pinnedTo().isPresent()) {
            return Step.same().showing(waiting(present, moment));
        }
        boolean first = moment.past().newest() == 0;
        if (!first && listed.unreadable().isEmpty() && listed.files().equals(present.files())) {
            // As at most starts: nothing is read that is in force already.
            return Step.same().showing(Step.Files.AS_ON_DISK);
        }
        Acceptance accepted = first
                ? FilesIntake.whole(present, listed, stranding)
                : FilesIntake.whatIsGood(present, listed, stranding, moment.readings());
        return FilesIntake.step(accepted, present).showing(Step.Files.of(accepted));
    }

    private Step.Files waiting(Content present, Moment moment) {
        Acceptance accepted = FilesIntake.whatIsGoodToUnpin(
                present, listed, moment.stranding(StrandedWrites.REFUSE), moment.readings());
        Set<String> waiting = FilesIntake.changed(present.files(), listed.files());
        waiting.removeAll(accepted.heldBack().keySet());
        return new Step.Files(accepted.heldBack(), waiting);
    }
}
