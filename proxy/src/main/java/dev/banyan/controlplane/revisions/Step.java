package dev.banyan.controlplane.revisions;

import java.util.List;

/** What a change makes of the present. */
sealed interface Step {

    /**
     * Go on to this.
     *
     * @param notes change lines that two tables side by side do not show
     */
    record Next(Content content, List<String> notes) implements Step {
        public Next {
            notes = List.copyOf(notes);
        }
    }

    /** It is so already. */
    record Same() implements Step {}

    /** It may not be done. */
    record No(Outcome.Refused refused) implements Step {}

    static Step next(Content content, String... notes) {
        return new Next(content, List.of(notes));
    }

    static Step same() {
        return new Same();
    }

    static Step no(Outcome.Why why, String what, String fix) {
        return new No(new Outcome.Refused(why, what, fix));
    }

    static Step noSuchRoute(String route) {
        return no(Outcome.Why.NO_SUCH_ROUTE, "there is no route " + route, "banyan routes lists them");
    }
}
