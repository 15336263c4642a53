package dev.banyan.routing.match;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathPattern.Literal;
import dev.banyan.routing.PathPattern.Named;
import java.util.List;

/** Puts together the path sent to modern from the names that a match caught. */
public final class Rewriting {
    private Rewriting() {}

    /**
     * The path that {@code rewrite} describes, its names filled in as they stand in the request's path, escapes and all.
     *
     * @throws IllegalArgumentException if it uses a name that the match does not have; reading the files rules that out
     */
    public static String rewritten(PathPattern rewrite, Found found) {
        PathPattern matched = found.match().path();
        StringBuilder path = new StringBuilder();
        for (PathPattern.Segment segment : rewrite.segments()) {
            path.append('/');
            if (segment instanceof Literal literal) {
                path.append(literal.text());
            } else if (segment instanceof Named named) {
                appendSegment(found.canonicalPath(), indexOf(named, matched.segments()), path);
            }
        }
        if (rewrite.rest()) {
            path.append(
                    found.canonicalPath(),
                    startOfSegment(found.canonicalPath(), matched.segments().size()),
                    found.canonicalPath().length());
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    /** Whether a match has all that {@code rewrite} uses. */
    public static boolean hasAll(PathPattern rewrite, PathPattern matched) {
        return (matched.rest() || !rewrite.rest())
                && rewrite.segments().stream()
                        .allMatch(segment ->
                                segment instanceof Literal || matched.segments().contains(segment));
    }

    private static int indexOf(Named name, List<PathPattern.Segment> segments) {
        int index = segments.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("rewrite: {" + name.name() + "} (expected: a name of the match)");
        }
        return index;
    }

    private static void appendSegment(String path, int index, StringBuilder out) {
        int start = startOfSegment(path, index) + 1;
        int end = path.indexOf('/', start);
        out.append(path, start, end < 0 ? path.length() : end);
    }

    /** Where the slash before that segment stands, or the path's end if it has no more. */
    private static int startOfSegment(String path, int index) {
        int slash = 0;
        for (int i = 0; i < index && slash >= 0; i++) {
            slash = path.indexOf('/', slash + 1);
        }
        return slash < 0 ? path.length() : slash;
    }
}
