package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.file.Acceptance;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the files say becomes the base, under the flags that are there. */
record TakeFiles(Acceptance accepted) implements Change {

    @Override
    public Step from(Content present) {
        if (present.pinnedTo().isPresent()) {
            return Step.no(
                    Outcome.Why.PINNED,
                    "the table is pinned to revision " + present.pinnedTo().get() + " by a rollback",
                    "run banyan unpin first");
        }
        return next(accepted, present).map(Step::next).orElseGet(() -> invalid(accepted));
    }

    /** Unpinned; empty: the files say no table. */
    static Optional<Content> next(Acceptance accepted, Content present) {
        return accepted.read().map(read -> {
            BaseTable base = read.table();
            return new Content(base, FileRules.flagsOver(base, present), Optional.empty(), accepted.lastGood());
        });
    }

    static Step invalid(Acceptance accepted) {
        return Step.no(
                Outcome.Why.INVALID,
                accepted.heldBack().values().stream()
                        .flatMap(problems -> problems.stream().map(Object::toString))
                        .collect(Collectors.joining("\n")),
                "correct the files; banyan validate finds the same problems");
    }
}
