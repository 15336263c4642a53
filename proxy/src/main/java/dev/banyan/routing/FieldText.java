package dev.banyan.routing;

/** Texts of header fields. */
public final class FieldText {
    private FieldText() {}

    /**
     * Without the optional white space around it, which is spaces and tabs (RFC 9110, 5.6.3). {@link String#strip} and
     * {@link String#trim} take more than that away, and so read what no other server reads.
     */
    public static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isOptionalWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && isOptionalWhitespace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isOptionalWhitespace(char c) {
        return c == ' ' || c == '\t';
    }
}
