package dev.banyan.routing.decide;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision went through, in sentences, if anybody listens. Costs a request nothing if nobody does. */
final class Steps {
    /** Nobody listens: what every request is decided with. */
    static final Steps UNHEARD = new Steps(null);

    private final @Nullable List<String> told;
    private final List<Explanation.Candidate> candidates = new ArrayList<>();

    private Steps(@Nullable List<String> told) {
        this.told = told;
    }

    static Steps heard() {
        return new Steps(new ArrayList<>());
    }

    boolean areHeard() {
        return told != null;
    }

    // Of fixed arity, so that no array is made for an unheard sentence.

    void tell(String sentence) {
        if (told != null) {
            told.add(sentence);
        }
    }

    void tell(String sentence, Object one) {
        if (told != null) {
            told.add(sentence.formatted(one));
        }
    }

    void tell(String sentence, Object one, Object two) {
        if (told != null) {
            told.add(sentence.formatted(one, two));
        }
    }

    void tell(String sentence, Object one, Object two, Object three) {
        if (told != null) {
            told.add(sentence.formatted(one, two, three));
        }
    }

    void passedOver(Route route, RequestMatch match, String why) {
        String methods = match.methods().isEmpty() ? "" : String.join(",", match.methods()) + " ";
        candidates.add(new Explanation.Candidate(route.id(), methods + match.path(), why));
        tell("not %s, by %s: %s", route.id(), match.path(), why);
    }

    List<Explanation.Candidate> candidates() {
        return candidates;
    }

    List<String> told() {
        return told == null ? List.of() : told;
    }
}
