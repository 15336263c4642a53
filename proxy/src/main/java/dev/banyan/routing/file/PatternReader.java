package dev.banyan.routing.file;

import dev.banyan.routing.PathPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a path pattern: {@code /api/transactions/{id}}. One that no normalised request could meet is refused. */
final class PatternReader {
    private static final int MAX_CHARS = 2048;
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_-]*)}");
    private static final Pattern RAILS_NAME = Pattern.compile("[:*]([A-Za-z_][A-Za-z0-9_]*)");

    private final Value value;
    private final String text;

    private PatternReader(Value value, String text) {
        this.value = value;
        this.text = text;
    }

    static Optional<PathPattern> read(Value value, String text) {
        return new PatternReader(value, text).read();
    }

    private Optional<PathPattern> read() {
        if (!isPath()) {
            return Optional.empty();
        }
        boolean rest = text.endsWith("/**");
        String path = rest ? text.substring(0, text.length() - 3) : text;
        List<String> written = path.isEmpty() || path.equals("/") && !rest
                ? List.of()
                : List.of(path.substring(1).split("/", -1));
        List<String> normal = new ArrayList<>();
        for (String segment : written) {
            Optional<String> spelling = segment(segment);
            if (spelling.isEmpty()) {
                return Optional.empty();
            }
            normal.add(spelling.get());
        }
        return areNamesUnique(written) && isNormal(written, normal, rest)
                ? Optional.of(pattern(normal, rest))
                : Optional.empty();
    }

    private boolean isPath() {
        if (!text.startsWith("/")) {
            return refuse("is no path, which starts with /", "write " + Shown.text("/" + text));
        }
        if (text.length() > MAX_CHARS) {
            return refuse("is longer than " + MAX_CHARS + " characters", "match a shorter path with /** at its end");
        }
        if (text.indexOf('?') >= 0) {
            return refuse(
                    "holds a query, and only paths are matched here",
                    "write { path: " + Shown.text(text.substring(0, text.indexOf('?'))) + ", query: { NAME: VALUE } }");
        }
        if (text.indexOf('#') >= 0 || text.indexOf('\\') >= 0) {
            return refuse("holds a character that is refused in any path", "leave # and \\ out");
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
            return refuse("holds a space or a control character", "write a space of the path as %20");
        }
        return true;
    }

    /** The normal spelling of one segment. */
    private Optional<String> segment(String segment) {
        if (NAME.matcher(segment).matches()) {
            return Optional.of(segment);
        }
        if (segment.equals("**")) {
            refuse("has /** before its end", "keep /** for the end; write {name} for one segment");
            return Optional.empty();
        }
        var rails = RAILS_NAME.matcher(segment);
        if (rails.matches()) {
            refuse(
                    "names a segment in the way of Rails, " + segment,
                    segment.startsWith(":")
                            ? "write {" + rails.group(1) + "} for one segment"
                            : "write /** for the rest of the path");
            return Optional.empty();
        }
        if (segment.startsWith("*") || segment.endsWith("*")) {
            refuse("has a * that stands for nothing", "write {name} for one segment, or /** at the end for the rest");
            return Optional.empty();
        }
        if (segment.contains("(.:") || segment.startsWith("(:") || segment.equals("(")) {
            refuse(
                    "has an optional part, as Rails writes it",
                    "leave it out; formats says which suffixes modern serves");
            return Optional.empty();
        }
        if (segment.contains("{") || segment.contains("}")) {
            refuse(
                    "has braces that are no name of a whole segment",
                    "write a whole segment as {name}, made of letters, digits, _ and -");
            return Optional.empty();
        }
        NormalPattern.Spelling spelling = NormalPattern.segment(segment);
        if (!spelling.refusal().isEmpty()) {
            refuse(spelling.refusal(), spelling.fix());
            return Optional.empty();
        }
        return Optional.of(spelling.text());
    }

    private boolean areNamesUnique(List<String> segments) {
        Set<String> names = new HashSet<>();
        for (String segment : segments) {
            if (NAME.matcher(segment).matches() && !names.add(segment)) {
                return refuse("has " + segment + " twice", "give each segment a name of its own");
            }
        }
        return true;
    }

    private boolean isNormal(List<String> written, List<String> spelt, boolean rest) {
        List<String> normal = NormalPattern.resolved(spelt);
        if (rest && !normal.isEmpty() && normal.get(normal.size() - 1).isEmpty()) {
            // What stands before /** ends without a slash of its own.
            normal = normal.subList(0, normal.size() - 1);
        }
        if (normal.equals(written) || written.size() == 1 && written.get(0).isEmpty() && !rest) {
            return true;
        }
        String spelling = "/" + String.join("/", normal) + (rest ? normal.isEmpty() ? "**" : "/**" : "");
        return refuse("is not in normal form, so no request would match it", "write " + Shown.text(spelling));
    }

    private static PathPattern pattern(List<String> segments, boolean rest) {
        return new PathPattern(segments.stream().map(PatternReader::parsed).toList(), rest);
    }

    private static PathPattern.Segment parsed(String segment) {
        var name = NAME.matcher(segment);
        return name.matches() ? new PathPattern.Named(name.group(1)) : new PathPattern.Literal(segment);
    }

    private boolean refuse(String what, String fix) {
        value.wrong(Shown.text(text) + " " + what, fix);
        return false;
    }
}
