package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.NormalPath.Normal;
import dev.banyan.routing.match.NormalPath.Parametrised;
import dev.banyan.routing.match.NormalPath.Refused;
import org.jspecify.annotations.Nullable;

/** The steps that make a path normal, also for the patterns that it is compared with. See {@link NormalPath} for the rules. */
public final class PathNormaliser {
    private static final String HEX = "0123456789ABCDEF";

    /** What may stand raw: RFC 3986's pchar, and the slash. */
    private static final boolean[] RAW = new boolean[128];

    /** What may stand raw and has nobody look twice: not the mark of parameters. */
    private static final boolean[] ORDINARY = new boolean[128];

    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            UNRESERVED[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0;
            RAW[c] = UNRESERVED[c] || "!$&'()*+,;=:@/".indexOf(c) >= 0;
            ORDINARY[c] = RAW[c] && c != ';';
        }
    }

    private PathNormaliser() {}

    /**
     * Whether nothing is to be done, and nobody reads it in another way. Errs on the side of no: the long way then gives the same
     * String back.
     */
    static boolean isOrdinary(String raw) {
        int length = raw.length();
        if (length == 0 || raw.charAt(0) != '/') {
            return raw.equals("*");
        }
        for (int i = 1; i < length; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (!isOrdinaryEscape(raw, i)) {
                    return false;
                }
                i += 2;
            } else if (c >= 128 || !ORDINARY[c]) {
                return false;
            } else if (raw.charAt(i - 1) == '/' && (c == '/' || (c == '.' && mayBeDotSegment(raw, i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOrdinaryEscape(String raw, int at) {
        if (at + 2 >= raw.length()) {
            return false;
        }
        int high = HEX.indexOf(raw.charAt(at + 1));
        int low = HEX.indexOf(raw.charAt(at + 2));
        if (high < 0 || low < 0) {
            return false;
        }
        int value = (high << 4) | low;
        boolean special = value == 0 || value == '\\' || value == '/' || value == ';';
        return !special && (value >= 128 || !UNRESERVED[value]);
    }

    private static boolean mayBeDotSegment(String raw, int dot) {
        int next = dot + 1 < raw.length() && raw.charAt(dot + 1) == '.' ? dot + 2 : dot + 1;
        return next >= raw.length() || "/%".indexOf(raw.charAt(next)) >= 0;
    }

    static NormalPath normalise(String raw, PathRules rules) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            return new Refused(PathFlaw.NO_SLASH_FIRST.detail());
        }
        StringBuilder decoded = new StringBuilder(raw.length() + 16);
        PathFlaw flaw = decode(raw, rules, decoded);
        if (flaw != null) {
            return new Refused(flaw.detail());
        }
        StringBuilder resolved = new StringBuilder(decoded.length());
        flaw = resolve(decoded, resolved);
        if (flaw != null) {
            return new Refused(flaw.detail());
        }
        String path = raw.contentEquals(resolved) ? raw : resolved.toString();
        String withoutParameters = PathParameters.cutOff(resolved);
        return withoutParameters == null ? new Normal(path) : new Parametrised(path, withoutParameters);
    }

    static boolean hasDotSegment(String raw) {
        int from = 1;
        while (from <= raw.length()) {
            int to = raw.indexOf('/', from);
            to = to < 0 ? raw.length() : to;
            if (isDotSegment(raw, from, to)) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    private static boolean isDotSegment(String raw, int from, int to) {
        int dots = 0;
        int at = from;
        while (at < to && dots <= 2) {
            if (raw.charAt(at) == '.') {
                at++;
            } else if (raw.regionMatches(true, at, "%2E", 0, 3)) {
                at += 3;
            } else {
                return false;
            }
            dots++;
        }
        return dots == 1 || dots == 2;
    }

    static boolean isUtf8(String normal) {
        byte[] bytes = new byte[normal.length()];
        int length = 0;
        for (int i = 0; i < normal.length(); i++) {
            char c = normal.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) ((hexDigit(normal.charAt(i + 1)) << 4) | hexDigit(normal.charAt(i + 2)));
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Utf8.isValid(bytes, length);
    }

    /**
     * Decodes the escapes of what is unreserved, and escapes what may not stand raw.
     *
     * @param raw a path or a piece of one, one char for each byte
     * @return null if nothing is wrong with it
     */
    public static @Nullable PathFlaw decode(String raw, PathRules rules, StringBuilder out) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                PathFlaw flaw = decodeEscape(raw, i, rules, out);
                if (flaw != null) {
                    return flaw;
                }
                i += 2;
            } else if (c <= ' ' || c == 0x7F) {
                return PathFlaw.CONTROL_OR_SPACE;
            } else if (c == '\\') {
                return PathFlaw.RAW_BACKSLASH;
            } else if (c == '#' || c == '?') {
                return PathFlaw.RAW_DELIMITER;
            } else if (c > 0xFF) {
                return PathFlaw.NO_BYTE;
            } else if (c >= 128 || !RAW[c]) {
                escape(c, out);
            } else {
                out.append(c);
            }
        }
        return null;
    }

    private static @Nullable PathFlaw decodeEscape(String raw, int at, PathRules rules, StringBuilder out) {
        int high = at + 2 < raw.length() ? hexDigit(raw.charAt(at + 1)) : -1;
        int low = high >= 0 ? hexDigit(raw.charAt(at + 2)) : -1;
        if (low < 0) {
            return PathFlaw.NO_ESCAPE;
        }
        int value = (high << 4) | low;
        if (value == 0) {
            return PathFlaw.NUL;
        }
        if (value == '\\') {
            return PathFlaw.BACKSLASH;
        }
        if (value == '/' && rules == PathRules.PLAIN) {
            return PathFlaw.SLASH;
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

    /**
     * Merges slashes and resolves dot segments in one walk: an empty segment is never one that {@code ..} takes back.
     *
     * @return null if nothing is wrong with it
     */
    public static @Nullable PathFlaw resolve(StringBuilder path, StringBuilder out) {
        boolean endsInSlash = false;
        int from = 1;
        while (from <= path.length()) {
            int to = path.indexOf("/", from);
            to = to < 0 ? path.length() : to;
            endsInSlash = true;
            if (isDots(path, from, to, 2)) {
                if (out.isEmpty()) {
                    return PathFlaw.ABOVE_ROOT;
                }
                int last = out.lastIndexOf("/");
                if (PathParameters.start(out, last + 1, out.length()) == last + 1) {
                    // Cut off before, they leave an empty segment, which this one does not take back.
                    return PathFlaw.HIDDEN_DOTS;
                }
                out.setLength(last);
            } else if (to > from && !isDots(path, from, to, 1)) {
                if (hidesDotSegment(path, from, to)) {
                    return PathFlaw.HIDDEN_DOTS;
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
            int end = PathParameters.indexOrEnd(path, "%2F", start, to);
            int cut = PathParameters.start(path, start, end);
            if (isDots(path, start, cut, 1) || isDots(path, start, cut, 2)) {
                return true;
            }
            start = end + 3;
        }
        return false;
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
}
