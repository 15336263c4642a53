package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.NormalPath.Normal;
import dev.banyan.routing.match.NormalPath.Refused;
import org.jspecify.annotations.Nullable;

/** Normalises one path. See {@link NormalPath} for the rules. */
final class PathNormaliser {
    private static final String HEX = "0123456789ABCDEF";

    /** What may stand raw: RFC 3986's pchar, and the slash. */
    private static final boolean[] RAW = new boolean[128];

    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            UNRESERVED[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0;
            RAW[c] = UNRESERVED[c] || "!$&'()*+,;=:@/".indexOf(c) >= 0;
        }
    }

    private final String raw;
    private final PathRules rules;

    PathNormaliser(String raw, PathRules rules) {
        this.raw = raw;
        this.rules = rules;
    }

    /** Whether nothing is to be done. Errs on the side of no: the long way then gives the same String back. */
    static boolean isNormal(String raw) {
        int length = raw.length();
        if (length == 0 || raw.charAt(0) != '/') {
            return raw.equals("*");
        }
        for (int i = 1; i < length; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (!isNormalEscape(raw, i)) {
                    return false;
                }
                i += 2;
            } else if (c >= 128 || !RAW[c]) {
                return false;
            } else if (raw.charAt(i - 1) == '/' && (c == '/' || (c == '.' && mayBeDotSegment(raw, i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNormalEscape(String raw, int at) {
        if (at + 2 >= raw.length()) {
            return false;
        }
        int high = HEX.indexOf(raw.charAt(at + 1));
        int low = HEX.indexOf(raw.charAt(at + 2));
        if (high < 0 || low < 0) {
            return false;
        }
        int value = (high << 4) | low;
        return value != 0 && value != '\\' && value != '/' && (value >= 128 || !UNRESERVED[value]);
    }

    private static boolean mayBeDotSegment(String raw, int dot) {
        int next = dot + 1 < raw.length() && raw.charAt(dot + 1) == '.' ? dot + 2 : dot + 1;
        return next >= raw.length() || "/;%".indexOf(raw.charAt(next)) >= 0;
    }

    NormalPath normalise() {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            return new Refused("a path starts with a slash; send /" + printable(raw));
        }
        StringBuilder decoded = new StringBuilder(raw.length() + 16);
        String refusal = decode(decoded);
        if (refusal != null) {
            return new Refused(refusal);
        }
        StringBuilder resolved = new StringBuilder(decoded.length());
        refusal = resolve(decoded, resolved);
        if (refusal != null) {
            return new Refused(refusal);
        }
        return new Normal(raw.contentEquals(resolved) ? raw : resolved.toString());
    }

    private @Nullable String decode(StringBuilder out) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                String refusal = decodeEscape(i, out);
                if (refusal != null) {
                    return refusal;
                }
                i += 2;
            } else if (c <= ' ' || c == 0x7F) {
                return "the path holds a control byte or a space; escape it";
            } else if (c == '\\') {
                return "the path holds a backslash; write a slash where one is meant";
            } else if (c == '#' || c == '?') {
                return "the path holds a raw " + c + "; escape it";
            } else if (c > 0xFF) {
                return "the path holds a character that is no byte; send UTF-8 in escapes";
            } else if (c >= 128 || !RAW[c]) {
                escape(c, out);
            } else {
                out.append(c);
            }
        }
        return null;
    }

    private @Nullable String decodeEscape(int at, StringBuilder out) {
        int high = at + 2 < raw.length() ? hexDigit(raw.charAt(at + 1)) : -1;
        int low = high >= 0 ? hexDigit(raw.charAt(at + 2)) : -1;
        if (low < 0) {
            return "the path holds a % that starts no escape; write it as %25";
        }
        int value = (high << 4) | low;
        if (value == 0) {
            return "the path holds %00; no path may";
        }
        if (value == '\\') {
            return "the path holds %5C, a backslash to some servers and a slash to others; leave it out";
        }
        if (value == '/' && rules == PathRules.PLAIN) {
            return "the path holds %2F, a slash to some servers and data to others; write / where a slash is meant";
        }
        if (value < 128 && UNRESERVED[value]) {
            out.append((char) value);
        } else {
            escape(value, out);
        }
        return null;
    }

    private static int hexDigit(char c) {
        // Not Character.digit: that takes the digits of every script.
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static void escape(int value, StringBuilder out) {
        out.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 0xF));
    }

    /** Merges slashes and resolves dot segments in one walk: an empty segment is never one that {@code ..} takes back. */
    private static @Nullable String resolve(StringBuilder path, StringBuilder out) {
        boolean endsInSlash = false;
        int from = 1;
        while (from <= path.length()) {
            int to = path.indexOf("/", from);
            to = to < 0 ? path.length() : to;
            endsInSlash = true;
            if (isDots(path, from, to, 2)) {
                if (out.isEmpty()) {
                    return "the path leads above its root; leave out the dot segments";
                }
                out.setLength(out.lastIndexOf("/"));
            } else if (to > from && !isDots(path, from, to, 1)) {
                if (hidesDotSegment(path, from, to)) {
                    return "the path hides a dot segment behind ; or %2F; leave it out";
                }
                out.append('/').append(path, from, to);
                endsInSlash = false;
            }
            from = to + 1;
        }
        if (endsInSlash) {
            out.append('/');
        }
        return null;
    }

    /** Whether a server that cuts parameters off, or takes %2F for a slash, would find a dot segment in this one. */
    private static boolean hidesDotSegment(StringBuilder path, int from, int to) {
        int start = from;
        while (start <= to) {
            int slash = path.indexOf("%2F", start);
            int end = slash < 0 || slash > to ? to : slash;
            int cut = Math.min(indexOrEnd(path, ";", start, end), indexOrEnd(path, "%3B", start, end));
            if (isDots(path, start, cut, 1) || isDots(path, start, cut, 2)) {
                return true;
            }
            start = end + 3;
        }
        return false;
    }

    private static int indexOrEnd(StringBuilder path, String what, int from, int end) {
        int at = path.indexOf(what, from);
        return at < 0 || at > end ? end : at;
    }

    private static boolean isDots(StringBuilder path, int from, int to, int dots) {
        if (to - from != dots) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (path.charAt(i) != '.') {
                return false;
            }
        }
        return true;
    }

    private static String printable(String text) {
        int end = 0;
        while (end < Math.min(text.length(), 40) && text.charAt(end) < 128 && RAW[text.charAt(end)]) {
            end++;
        }
        return text.substring(0, end);
    }
}
