package dev.banyan.controlplane.admin.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an If-Match field asks: nothing if it was not sent.
 *
 * @param tags strong ones, without quotes; a weak one can never match (RFC 9110, 13.1.1) and is left out
 */
public record IfMatch(boolean sent, boolean any, List<String> tags) {
    static final IfMatch NOT_SENT = new IfMatch(false, false, List.of());

    private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]{0,64})\"");
    private static final int MOST_TAGS = 16;

    static IfMatch of(List<String> fields) {
        if (fields.isEmpty()) {
            return NOT_SENT;
        }
        String value = String.join(",", fields).strip();
        if (value.equals("*")) {
            return new IfMatch(true, true, List.of());
        }
        return new IfMatch(true, false, tags(value));
    }

    private static List<String> tags(String value) {
        List<String> tags = new ArrayList<>();
        String[] parts = value.split(",", MOST_TAGS + 1);
        for (String part : parts) {
            Matcher tag = TAG.matcher(part.strip());
            if (!tag.matches() || parts.length > MOST_TAGS) {
                throw CommonProblems.badRequest(
                        "The If-Match field is not a list of entity tags.", "write it as If-Match: \"42\", or *");
            }
            if (tag.group(1) == null) {
                tags.add(tag.group(2));
            }
        }
        return tags;
    }
}
