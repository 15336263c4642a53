package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.Acceptance;
import dev.banyan.yaml.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a change makes of the present. */
public sealed interface Step {

    /** How the files on disk then stand to what is in force; empty: as before. Shown once the step was stored. */
    Optional<Files> files();

    /**
     * How files stand to what is in force.
     *
     * @param heldBack by name, what is wrong with those whose last good content stays
     * @param waiting names of those that changed while the table is pinned
     */
    record Files(SortedMap<String, List<Problem>> heldBack, Set<String> waiting) {
        /** All are in force as they are on disk. */
        static final Files AS_ON_DISK = new Files(new TreeMap<>(), Set.of());

        public Files {
            heldBack = Collections.unmodifiableSortedMap(new TreeMap<>(heldBack));
            waiting = Set.copyOf(waiting);
        }

        static Files of(Acceptance accepted) {
            return new Files(accepted.heldBack(), Set.of());
        }
    }

    /**
     * Go on to this.
     *
     * @param notes change lines that two tables side by side do not show
     */
    record Next(Content content, List<String> notes, Optional<Files> files) implements Step {
        public Next {
            notes = List.copyOf(notes);
        }
    }

    /** It is so already. */
    record Same(Optional<Files> files) implements Step {}

    /** It may not be done. */
    record No(Outcome.Refused refused, Optional<Files> files) implements Step {}

    /** The same step, and how the files then stand. */
    default Step showing(Files shown) {
        Optional<Files> files = Optional.of(shown);
        if (this instanceof Next next) {
            return new Next(next.content(), next.notes(), files);
        }
        return this instanceof No no ? new No(no.refused(), files) : new Same(files);
    }

    static Step next(Content content, List<String> notes) {
        return new Next(content, notes, Optional.empty());
    }

    static Step next(Content content, String... notes) {
        return next(content, List.of(notes));
    }

    static Step same() {
        return new Same(Optional.empty());
    }

    static Step no(Outcome.Why why, String what, String fix) {
        return new No(new Outcome.Refused(why, what, fix), Optional.empty());
    }

    static Step noSuchRoute(String route) {
        return no(Outcome.Why.NO_SUCH_ROUTE, "there is no route " + route, "banyan routes lists them");
    }
}
