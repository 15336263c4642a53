package dev.banyan.dataplane.mirror;

import java.util.regex.Pattern;

/** Pages by which a session begins or ends, by their paths: to look at one may do so, too. */
final class SessionPages {
    private static final Pattern PAGES = Pattern.compile(
            "(?i)/(log[-_]?in|log[-_]?out|sign[-_]?in|sign[-_]?out|sessions?/new|auth|sso|oauth2?|saml|cas|callback)(/|\\.|$)");

    private SessionPages() {}

    /** @param path normalised, or as a Location has it */
    static boolean isOne(String path) {
        return PAGES.matcher(path).find();
    }
}
