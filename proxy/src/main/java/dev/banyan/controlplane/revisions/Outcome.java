package dev.banyan.controlplane.revisions;

/** What came of a change that somebody asked for. */
public sealed interface Outcome {

    /** In force, and stored before this was made. */
    record Changed(Revision revision) implements Outcome {}

    /** It was so already; no revision was made. */
    record Unchanged(Revision current) implements Outcome {}

    /**
     * Not done.
     *
     * @param what what stands in the way, as a sentence
     * @param fix what to do instead
     */
    record Refused(Why why, String what, String fix) implements Outcome {}

    /** Kinds of refusal, for status codes and exit codes. */
    enum Why {
        NO_SUCH_ROUTE,
        NO_SUCH_REVISION,
        /** The precondition does not hold any more. */
        STALE,
        /** It would strand writes that modern took. */
        STRANDS_WRITES,
        /** The route has no legacy side to go back to, or no modern side to go to. */
        NO_SUCH_SIDE,
        NOT_PINNED,
        /** A rollback pinned the table, and what was asked for waits for {@code unpin}. */
        PINNED,
        /** The files are the base, so nothing else can be applied. */
        SOURCE_IS_FILES,
        /** So much is known to differ that one more would hide it. */
        TOO_MANY_KNOWN,
        /** There is no table yet. */
        NOT_READY,
        /** The old content and today's cannot stand in one table. */
        DOES_NOT_FIT,
        /** What is asked to thaw is frozen by something else: everything's freeze, or a route's own. */
        OTHER_FREEZE,
        /** The route's data has no owner that could move. */
        NO_OWNER,
        /** Readers would miss what the new owner takes. */
        READERS_LAG,
        /** An owner is being moved already, and one at a time is enough. */
        MOVE_UNDER_WAY,
        /** Unsafe requests were still under way when the wait was over. */
        NOT_DRAINED,
        /** The route was changed by somebody else while its requests were waited for. */
        CHANGED_MEANWHILE,
        /** The files have problems. */
        INVALID,
        /** The store could not keep it, so it is not in force. */
        STORE_FAILED
    }
}
