package dev.banyan.controlplane.revisions;

import dev.banyan.routing.RoutingTable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The present, and the one way to the next: check the precondition, ask the change, store, put in force, tell. Everything that
 * changes it is called by one thread; what is read is one immutable value.
 */
final class TableHistory {
    private static final Logger LOG = LoggerFactory.getLogger(TableHistory.class);

    /** Each says that somebody else went on, so that it is no waiting for nothing. */
    private static final int MOST_TRIES = 256;

    private final RevisionStore store;
    private final History stored;
    private BaseText baseText;
    private final Consumer<RoutingTable> inForce;
    private final List<Consumer<Revision>> listeners = new CopyOnWriteArrayList<>();
    // Read by every admin request and by readiness probes, written by the writer: volatile, so that readers take no
    // lock. One value, so that nobody reads a revision with another's content.
    private volatile Present present;
    private volatile Optional<String> notReady;
    private volatile Optional<NotKept> notKept = Optional.empty();

    private TableHistory(RevisionStore store, Consumer<RoutingTable> inForce) {
        this.store = store;
        this.stored = new History(store);
        this.inForce = inForce;
        Content nothing = History.nothing();
        this.baseText = BaseText.of(nothing.base());
        this.present = new Present(
                new Revision(0, "", 0, Instant.EPOCH, "", "", List.of(), Optional.empty(), nothing.table()), nothing);
        this.notReady = Optional.of("the store is empty and no routing files were read yet");
    }

    /** What is in force. */
    record Present(Revision revision, Content content) {}

    static TableHistory start(RevisionStore store, Consumer<RoutingTable> inForce) throws IOException {
        TableHistory history = new TableHistory(store, inForce);
        Optional<StoredRevision> newest = store.find(store.newest());
        newest.ifPresent(last -> history.putInForce(history.stored.revision(last), history.stored.content(last)));
        return history;
    }

    Present present() {
        return present;
    }

    Revision current() {
        return present.revision();
    }

    Optional<String> notReady() {
        return notReady;
    }

    void notReadyBecause(String why) {
        if (current().number() == 0) {
            notReady = Optional.of(why);
        }
    }

    History stored() {
        return stored;
    }

    void onPublished(Consumer<Revision> listener) {
        listeners.add(listener);
    }

    /**
     * What came of a change.
     *
     * @param files how the files then stand; empty: as before
     */
    record Made(Outcome outcome, Optional<Step.Files> files) {}

    /** As often as others, who share the store, are quicker: each time from the present that they made. */
    Made publish(Change change, Moment moment, Precondition precondition) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Made> made = tried(change, moment, precondition);
            if (made.isPresent()) {
                return made.get();
            }
            catchUp();
        }
        return new Made(
                new Outcome.Refused(
                        Outcome.Why.STORE_FAILED,
                        "others changed the table " + MOST_TRIES + " times while it was tried to store this",
                        "try again; the table in force goes on unchanged"),
                Optional.empty());
    }

    /** Puts in force what others have stored meanwhile. */
    void catchUp() {
        while (current().number() < store.newest()) {
            StoredRevision next = stored.stored(current().number() + 1)
                    .orElseThrow(() -> new IllegalStateException(
                            "revision " + (current().number() + 1) + " is not in the store, though a later one is"));
            Content content = stored.content(next);
            RoutingTable table = present.content().table().next(0, content.base(), content.flags());
            Revision revision = stored.revision(next, table.numbered(next.number()));
            stored.remember(next.baseText(), table.base(), revision);
            putInForce(revision, new Content(table, content.pinnedTo(), content.files()));
        }
    }

    /** Empty: somebody else was quicker. */
    private Optional<Made> tried(Change change, Moment moment, Precondition precondition) {
        Optional<Outcome.Refused> stale = stale(precondition, change.route());
        if (stale.isPresent()) {
            return Optional.of(new Made(stale.get(), Optional.empty()));
        }
        Content content = present.content();
        Step step = change.from(content, moment);
        if (step instanceof Step.No no) {
            if (change.canBeFirst()) {
                notReadyBecause("the store is empty and the routing files are refused: "
                        + no.refused().what().lines().toList());
            }
            return Optional.of(new Made(no.refused(), step.files()));
        }
        if (step instanceof Step.Next next && !next.content().saysTheSameAs(content)) {
            return storeAndPutInForce(next, moment)
                    .map(outcome ->
                            new Made(outcome, outcome instanceof Outcome.Changed ? step.files() : Optional.empty()));
        }
        if (step instanceof Step.Next next) {
            // Files that say the same in other words: the newer words are what the next change is compared with.
            present = new Present(current(), next.content());
        }
        return Optional.of(new Made(new Outcome.Unchanged(current()), step.files()));
    }

    /** What {@link #publish} would come to without a new revision: a refusal, or that it is so already; empty: it would be done. */
    Optional<Outcome> preview(Change change, Moment moment, Precondition precondition) {
        Optional<Outcome.Refused> stale = stale(precondition, change.route());
        if (stale.isPresent()) {
            return Optional.of(stale.get());
        }
        Step step = change.from(present.content(), moment);
        if (step instanceof Step.No no) {
            return Optional.of(no.refused());
        }
        return step instanceof Step.Same ? Optional.of(new Outcome.Unchanged(current())) : Optional.empty();
    }

    private Optional<Outcome.Refused> stale(Precondition precondition, Optional<String> route) {
        if (precondition instanceof Precondition.TableIs is
                && is.revision() != current().number()) {
            return Optional.of(stale("the table is revision " + current().number() + ", no longer " + is.revision()));
        }
        if (precondition instanceof Precondition.RouteIs is) {
            Content content = present.content();
            Optional<String> tag = route.map(id -> content.base().routes().get(id))
                    .map(found -> RouteTag.of(found, content.flagsOf(found.id())));
            if (!tag.equals(Optional.of(is.tag()))) {
                return Optional.of(stale("the route is not what it was when it was read"));
            }
        }
        return Optional.empty();
    }

    private static Outcome.Refused stale(String what) {
        return new Outcome.Refused(
                Outcome.Why.STALE, what, "read it again, and ask again if it is still what you want");
    }

    /** Empty: somebody else stored a revision of that number before. */
    private Optional<Outcome> storeAndPutInForce(Step.Next next, Moment moment) {
        Revision current = current();
        long number = current.number() + 1;
        Content after = next.content();
        baseText = baseText.next(after.base());
        Revision revision = new Revision(
                number,
                baseText.digest(after.flags()),
                current.number(),
                moment.time(),
                moment.cause().author(),
                moment.cause().reason(),
                changes(next),
                after.pinnedTo(),
                after.table().numbered(number));
        try {
            RevisionStore.Appended appended = store.append(new StoredRevision(
                    number,
                    revision.digest(),
                    revision.parent(),
                    moment.time(),
                    revision.author(),
                    revision.reason(),
                    revision.changes(),
                    revision.pinnedTo(),
                    baseText.text(),
                    after.flags(),
                    after.files()));
            if (appended == RevisionStore.Appended.CONFLICT) {
                return Optional.empty();
            }
        } catch (IOException e) {
            LOG.error("could not store a revision, so it is not in force: revision={}", number, e);
            notKept = Optional.of(new NotKept(String.valueOf(e.getMessage()), storeFix()));
            return Optional.of(new Outcome.Refused(
                    Outcome.Why.STORE_FAILED,
                    "the revision could not be stored: " + e.getMessage(),
                    storeFix() + "; the table in force goes on unchanged"));
        }
        notKept = Optional.empty();
        stored.remember(baseText.text(), after.base(), revision);
        putInForce(revision, after);
        return Optional.of(new Outcome.Changed(revision));
    }

    private String storeFix() {
        return store.isReadOnly()
                ? "see to the disk of the data directory, then restart"
                : "free some of the disk of the data directory, then try again";
    }

    /** Why the last revision could not be stored, and what to do; empty: it was, or the next one can be. Never blocks. */
    Optional<NotKept> notKept() {
        return notKept;
    }

    /** Whether it is worth to look again whether the store keeps revisions. */
    boolean waitsForRoom() {
        return notKept.isPresent() && !store.isReadOnly();
    }

    /** Looks whether the store would keep what it could not. */
    void lookForRoom() {
        try {
            store.probe();
            notKept = Optional.empty();
            LOG.info("the store can keep revisions again");
        } catch (IOException e) {
            notKept = Optional.of(new NotKept(String.valueOf(e.getMessage()), storeFix()));
        }
    }

    private List<String> changes(Step.Next next) {
        List<String> changes = new ArrayList<>(
                TableDiff.between(current().table(), next.content().table()));
        changes.addAll(next.notes());
        if (!next.content().pinnedTo().equals(present.content().pinnedTo())) {
            changes.add(next.content()
                    .pinnedTo()
                    .map(number -> "pinned to revision " + number)
                    .orElse("unpinned"));
        }
        return changes;
    }

    private void putInForce(Revision revision, Content next) {
        present = new Present(revision, next);
        notReady = Optional.empty();
        inForce.accept(revision.table());
        LOG.info(
                "put a revision in force: revision={} author={} changes={}",
                revision.number(),
                revision.author(),
                revision.changes());
        for (Consumer<Revision> listener : listeners) {
            try {
                listener.accept(revision);
            } catch (RuntimeException e) {
                LOG.error("a listener failed: revision={}", revision.number(), e);
            }
        }
    }
}
