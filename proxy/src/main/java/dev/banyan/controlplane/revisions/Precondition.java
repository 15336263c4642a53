package dev.banyan.controlplane.revisions;

/** What must still be so when a change is made; checked by the one writer, so nothing can come between. */
public sealed interface Precondition {

    record None() implements Precondition {}

    /** The table is still this revision. */
    record TableIs(long revision) implements Precondition {}

    /** The route's content and flags are still those of this tag ({@link RouteTag}); other routes may have moved. */
    record RouteIs(String tag) implements Precondition {}

    Precondition NONE = new None();
}
