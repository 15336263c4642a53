package dev.banyan.routing.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The spelling that a pattern must have to be met by normalised requests, segment by segment. Says what {@code match.NormalPath} says
 * of a request's path.
 */
final class NormalPattern {
    private static final String UNRESERVED_MARKS = "-._~";
    private static final String ALSO_RAW = "!$&'()*+,;=:@";

    private NormalPattern() {}

    /**
     * @param text the normal spelling; meaningless if refused
     * @param refusal why no request may have such a path; empty if one may
     */
    record Spelling(String text, String refusal, String fix) {
        static Spelling refused(String refusal, String fix) {
            return new Spelling("", refusal, fix);
        }
    }

    /** One literal segment, without its slashes. */
    static Spelling segment(String raw) {
        StringBuilder normal = new StringBuilder();
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int value = bytes[i] & 0xFF;
            if (value == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
                if (low < 0) {
                    return Spelling.refused("holds a % that starts no escape", "write a % of the path itself as %25");
                }
                value = high << 4 | low;
                i += 2;
                if (value == 0 || value == '\\') {
                    return Spelling.refused(
                            "holds " + (value == 0 ? "%00" : "%5C") + ", which is refused in any path", "leave it out");
                }
                append(value, isUnreserved(value), normal);
            } else {
                append(value, isUnreserved(value) || value < 128 && ALSO_RAW.indexOf(value) >= 0, normal);
            }
        }
        return hidesDots(normal.toString())
                ? Spelling.refused("hides a dot segment, which is refused in any path", "leave it out")
                : new Spelling(normal.toString(), "", "");
    }

    private static void append(int value, boolean raw, StringBuilder out) {
        if (raw) {
            out.append((char) value);
        } else {
            out.append('%').append("%02X".formatted(value));
        }
    }

    private static boolean isUnreserved(int value) {
        return value >= 'a' && value <= 'z'
                || value >= 'A' && value <= 'Z'
                || value >= '0' && value <= '9'
                || value < 128 && UNRESERVED_MARKS.indexOf(value) >= 0;
    }

    private static boolean hidesDots(String segment) {
        if (isDots(segment)) {
            return false;
        }
        for (String part : segment.split("%2F", -1)) {
            if (isDots(part.split(";|%3B", 2)[0])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDots(String text) {
        return text.equals(".") || text.equals("..");
    }

    /** Slashes merged, dot segments resolved; those above the root are dropped. */
    static List<String> resolved(List<String> segments) {
        List<String> resolved = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            boolean last = i == segments.size() - 1;
            if (segment.equals("..") && !resolved.isEmpty()) {
                resolved.remove(resolved.size() - 1);
            }
            if (!segment.isEmpty() && !isDots(segment)) {
                resolved.add(segment);
            } else if (last) {
                // A trailing slash stays.
                resolved.add("");
            }
        }
        return resolved;
    }
}
