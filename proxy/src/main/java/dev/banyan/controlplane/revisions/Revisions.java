package dev.banyan.controlplane.revisions;

import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The table's history and the only way to change it. One writer thread makes every change: check, store, put in force, tell. Every
 * stage that is returned completes on that thread; a change is durable and in force when it does.
 */
public interface Revisions {

    /** The revision in force. Never blocks. Before the first one: number 0, without routes, and {@link #notReady()} says why. */
    Revision current();

    /** Why there is no table yet; empty once there is one. Never blocks. */
    Optional<String> notReady();

    /** The newest first, at most {@code limit}, with numbers under {@code before} (exclusive). May wait for a disk. */
    List<Revision> history(long before, int limit);

    /** May wait for a disk. */
    Optional<Revision> find(long number);

    /** Calls {@code listener} on the writer thread after each revision is in force. It must not wait. */
    void onPublished(Consumer<Revision> listener);

    default CompletionStage<Outcome> setCanary(String route, Share share, Cause cause, Precondition precondition) {
        return setCanary(route, share, StrandedWrites.REFUSE, cause, precondition);
    }

    CompletionStage<Outcome> setCanary(
            String route, Share share, StrandedWrites stranded, Cause cause, Precondition precondition);

    default CompletionStage<Outcome> clearCanary(String route, Cause cause, Precondition precondition) {
        return clearCanary(route, StrandedWrites.REFUSE, cause, precondition);
    }

    CompletionStage<Outcome> clearCanary(String route, StrandedWrites stranded, Cause cause, Precondition precondition);

    CompletionStage<Outcome> setShadow(String route, Share share, Cause cause, Precondition precondition);

    CompletionStage<Outcome> clearShadow(String route, Cause cause, Precondition precondition);

    /** Of one route, or of everything that has a legacy side. */
    CompletionStage<Outcome> freeze(Optional<String> route, boolean withWrites, Cause cause, Precondition precondition);

    /** Lifts a route's own freeze, or the freeze of everything; neither lifts the other. */
    CompletionStage<Outcome> thaw(Optional<String> route, Cause cause, Precondition precondition);

    /** What {@link #moveOwner} would come to without a new revision: a refusal, or that it is so already; empty: it would be done. */
    CompletionStage<Optional<Outcome>> previewMoveOwner(
            String route, Side to, boolean readersMayLag, StrandedWrites stranded, Precondition precondition);

    /**
     * Moves the owner in the table. Holding new unsafe requests and waiting for those under way is the caller's part, before and after.
     *
     * @param readersMayLag to modern although not all readers are there
     */
    CompletionStage<Outcome> moveOwner(
            String route,
            Side to,
            boolean readersMayLag,
            StrandedWrites stranded,
            Cause cause,
            Precondition precondition);

    /** Makes a new revision with the content of {@code number}, or of one route of it, and pins it. */
    default CompletionStage<Outcome> rollback(
            long number, Optional<String> route, Cause cause, Precondition precondition) {
        return rollback(number, route, StrandedWrites.REFUSE, cause, precondition);
    }

    CompletionStage<Outcome> rollback(
            long number, Optional<String> route, StrandedWrites stranded, Cause cause, Precondition precondition);

    /** Takes the present files again and keeps the flags. */
    CompletionStage<Outcome> unpin(Cause cause, Precondition precondition);

    /** What the base of the table is. */
    Source source();

    /**
     * What {@link #apply} would make of the table in force; changes nothing. Never blocks, but reads all files.
     *
     * @param files text by name
     */
    Prospect plan(SortedMap<String, String> files);

    /**
     * Takes these files as a whole or not at all: {@code banyan apply}. Refused under {@code source: files}.
     *
     * @param files text by name
     */
    CompletionStage<Outcome> apply(SortedMap<String, String> files, Cause cause, Precondition precondition);

    /** How the files on disk stand to what is in force. Never blocks. */
    FilesStatus files();

    /** Why no change can be stored at present, and what to do; empty: nothing is known to stand in the way. Never blocks. */
    Optional<NotKept> notKept();
}
