package dev.banyan.controlplane.parity.compare;

import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A {@code Content-Security-Policy}, spelt in one way: neither the order of its directives means anything nor that of their sources, and
 * one that is named again counts once.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/#parse-serialized-policy">CSP 3, 2.2.1: parse a serialized policy</a>
 */
final class ContentPolicy {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NONCE = Pattern.compile("'nonce-[^'\\s;,]*'");

    private ContentPolicy() {}

    /** Whether a field of that name holds one. */
    static boolean isIn(String field) {
        return field.equals("content-security-policy") || field.equals("content-security-policy-report-only");
    }

    static String spelt(String policy) {
        SortedMap<String, String> directives = new TreeMap<>();
        for (String directive : policy.split(";", -1)) {
            String[] words = SPACE.split(directive.strip());
            TreeSet<String> sources = new TreeSet<>(Arrays.asList(words).subList(1, words.length));
            directives.putIfAbsent(words[0].toLowerCase(Locale.ROOT), String.join(" ", sources));
        }
        directives.remove("");
        StringBuilder spelt = new StringBuilder();
        directives.forEach((name, sources) ->
                spelt.append(name).append(' ').append(sources).append("; "));
        return spelt.toString().strip();
    }

    /** Those are new with each answer: that there is one counts. */
    static String withoutNonces(String policy) {
        return NONCE.matcher(policy).replaceAll("'nonce'");
    }
}
