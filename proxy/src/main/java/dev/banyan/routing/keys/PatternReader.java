package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.named;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.PathFlaw;
import dev.banyan.routing.match.PathNormaliser;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a path pattern: {@code /api/transactions/{id}}. One that no normalised request could meet is refused. */
final class PatternReader {
    private static final int MAX_CHARS = 2048;
    private static final Pattern NAME = Pattern.compile("\\{[A-Za-z_][A-Za-z0-9_-]*}");
    private static final Pattern RAILS_NAME = Pattern.compile("[:*]([A-Za-z_][A-Za-z0-9_]*)");

    static final Map<String, Object> SCHEMA = named(
            "path",
            Schema.pattern(
                    "^/[^\\s?#\\\\]*$",
                    "maxLength",
                    MAX_CHARS,
                    "examples",
                    List.of("/api/accounts/{id}", "/assets/**")));

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
        if (!value.problems().areOfAccepted() && !isPath()) {
            return Optional.empty();
        }
        boolean rest = text.endsWith("/**");
        String path = rest ? text.substring(0, text.length() - 3) : text;
        List<String> written = path.isEmpty() || path.equals("/") && !rest
                ? List.of()
                : List.of(path.substring(1).split("/", -1));
        if (value.problems().areOfAccepted()) {
            // It was normal when it was accepted, and what is normal may have changed since.
            return Optional.of(pattern(written, rest));
        }
        List<String> normal = new ArrayList<>();
        for (String segment : written) {
            Optional<String> spelling = segment(segment);
            if (spelling.isEmpty()) {
                return Optional.empty();
            }
            normal.add(spelling.get());
        }
        return areNamesUnique(written) && isNormal(normal, rest)
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
        if (isName(segment)) {
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
        StringBuilder normal = new StringBuilder();
        PathFlaw flaw = PathNormaliser.decode(bytesOf(segment), PathRules.RAILS, normal);
        if (flaw != null) {
            refuse(flaw);
            return Optional.empty();
        }
        return Optional.of(normal.toString());
    }

    /** A file is text, a path is bytes: one char for each. */
    private static String bytesOf(String segment) {
        return new String(segment.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void refuse(PathFlaw flaw) {
        switch (flaw) {
            case NO_ESCAPE -> refuse("holds a % that starts no escape", "write a % of the path itself as %25");
            case NUL -> refuse("holds %00, which is refused in any path", "leave it out");
            case BACKSLASH -> refuse("holds %5C, which is refused in any path", "leave it out");
            case HIDDEN_DOTS -> refuse("hides a dot segment, which is refused in any path", "leave it out");
            case ABOVE_ROOT -> refuse("leads above its root, which is refused in any path", "leave .. out");
            default -> refuse("holds a character that is refused in any path", "escape it, or leave it out");
        }
    }

    private boolean areNamesUnique(List<String> segments) {
        Set<String> names = new HashSet<>();
        for (String segment : segments) {
            if (isName(segment) && !names.add(segment)) {
                return refuse("has " + segment + " twice", "give each segment a name of its own");
            }
        }
        return true;
    }

    private boolean isNormal(List<String> spelt, boolean rest) {
        StringBuilder normal = new StringBuilder();
        PathFlaw flaw = PathNormaliser.resolve(new StringBuilder("/" + String.join("/", spelt)), normal);
        if (flaw != null) {
            refuse(flaw);
            return false;
        }
        if (rest) {
            // What stands before /** ends without a slash of its own.
            int end = normal.length() - 1;
            normal.replace(normal.charAt(end) == '/' ? end : end + 1, end + 1, "/**");
        }
        return normal.toString().equals(text)
                || refuse(
                        "is not in normal form, so no request would match it",
                        "write " + Shown.text(normal.toString()));
    }

    private static PathPattern pattern(List<String> segments, boolean rest) {
        return new PathPattern(segments.stream().map(PatternReader::parsed).toList(), rest);
    }

    private static PathPattern.Segment parsed(String segment) {
        return isName(segment)
                ? new PathPattern.Named(segment.substring(1, segment.length() - 1))
                : new PathPattern.Literal(segment);
    }

    /** Whether it is {@code {id}}. Most are not, and need no regular expression to tell. */
    private static boolean isName(String segment) {
        return segment.startsWith("{") && NAME.matcher(segment).matches();
    }

    private boolean refuse(String what, String fix) {
        value.wrong(Shown.text(text) + " " + what, fix);
        return false;
    }
}
