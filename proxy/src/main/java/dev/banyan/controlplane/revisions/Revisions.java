package dev.banyan.controlplane.revisions;

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

    /**
     * Makes a change: durable and in force once the stage is complete. {@link ApplyFiles} is refused under {@code source: files}.
     *
     * @param precondition what must still be so; a {@link Precondition.RouteIs} is about the change's one route
     */
    CompletionStage<Outcome> submit(Change change, Cause cause, Precondition precondition);

    /** What {@link #submit} would come to without a new revision: a refusal, or that it is so already; empty: it would be done. */
    CompletionStage<Optional<Outcome>> preview(Change change, Cause cause, Precondition precondition);

    /** What the base of the table is. */
    Source source();

    /**
     * What {@link ApplyFiles} would make of the table in force; changes nothing. Never blocks, but reads all files.
     *
     * @param files text by name
     */
    Prospect plan(SortedMap<String, String> files);

    /** How the files on disk stand to what is in force. Never blocks. */
    FilesStatus files();

    /** Why no change can be stored at present, and what to do; empty: nothing is known to stand in the way. Never blocks. */
    Optional<NotKept> notKept();
}
