package dev.banyan.routing.match;

import org.jspecify.annotations.Nullable;

/**
 * The parameters that a segment of a path may have behind a semicolon (RFC 3986, 3.3): data to most servers, and cut off by servlet
 * containers before they look where a path leads. Some decode before they cut, so an escaped semicolon begins them too.
 */
final class PathParameters {
    private PathParameters() {}

    /**
     * A normal path as it is read by who cuts all parameters off and merges the slashes that this brings together.
     *
     * @return null if it has none
     */
    static @Nullable String cutOff(StringBuilder normal) {
        int length = normal.length();
        if (start(normal, 0, length) == length) {
            return null;
        }
        StringBuilder out = new StringBuilder(length);
        boolean endsInSlash = false;
        int from = 1;
        while (from <= length) {
            int to = indexOrEnd(normal, "/", from, length);
            int cut = start(normal, from, to);
            endsInSlash = cut == from;
            if (!endsInSlash) {
                out.append('/').append(normal, from, cut);
            }
            from = to + 1;
        }
        if (endsInSlash) {
            out.append('/');
        }
        return out.toString();
    }

    /** Where the parameters of what stands there begin; {@code to} if it has none. */
    static int start(StringBuilder path, int from, int to) {
        return indexOrEnd(path, "%3B", from, indexOrEnd(path, ";", from, to));
    }

    /** Looks no further than {@code end}: to look through all that follows for each segment would take the square of the time. */
    static int indexOrEnd(StringBuilder path, String what, int from, int end) {
        for (int at = from; at <= end - what.length(); at++) {
            if (path.charAt(at) == what.charAt(0) && startsAt(path, what, at)) {
                return at;
            }
        }
        return end;
    }

    private static boolean startsAt(StringBuilder path, String what, int at) {
        for (int i = 1; i < what.length(); i++) {
            if (path.charAt(at + i) != what.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
