package dev.banyan.controlplane.admin.http;

import dev.banyan.yaml.Suggestion;
import java.util.Collection;

/** "Did you mean", as files and settings say it, at the end of a sentence. */
final class DidYouMean {
    private DidYouMean() {}

    /** A sentence that ends another one; empty if none is near. */
    static String hint(Collection<String> known, String word) {
        return Suggestion.of(word, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("");
    }
}
