package dev.banyan.routing.match;

import dev.banyan.routing.RequestView.FormMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code _method} in a multipart body by the steps of Rack::Multipart::Parser (rack 2.2.22), which are not those of RFC 2046: who
 * finds the parts in another way can be told another method than Rails runs. {@code --XyZjunk} begins no part, {@code --XyZ--} begins
 * one if it comes first, lines before the first delimiter are skipped; a delimiter in the middle of a line ends a part's text and the
 * next whole line that is one begins the next part.
 */
final class MultipartForm {
    /** RFC 2046 allows 70, and Rack takes any; a longer one makes searching for it dear. */
    private static final int MAX_BOUNDARY_CHARS = 256;

    private static final Pattern BOUNDARY =
            Pattern.compile("multipart/.*?boundary(\\s*)=\"?([^\";,]+)\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern ANOTHER = Pattern.compile("boundary\\s*=", Pattern.CASE_INSENSITIVE);

    private static final String CRLF = "\r\n";

    private enum Line {
        DELIMITER,
        CLOSE,
        /** The text ended before there was one. */
        NONE
    }

    private record Part(String head, int bodyFrom, int bodyTo) {}

    private final String text;
    private final String delimiter;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    private MultipartForm(String text, String boundary) {
        this.text = text;
        this.delimiter = "--" + boundary;
    }

    /** What the form says; null if Rack does not read it as multipart, because its type is another or names no boundary. */
    static @Nullable FormMethod read(String text, String contentType) {
        Matcher type = BOUNDARY.matcher(contentType);
        if (!type.lookingAt()) {
            return null;
        }
        boolean doubtful = !type.group(1).isEmpty()
                || ANOTHER.matcher(contentType)
                        .region(type.end(), contentType.length())
                        .find();
        if (doubtful) {
            return new FormMethod.None();
        }
        String boundary = type.group(2);
        if (boundary.length() > MAX_BOUNDARY_CHARS) {
            return new FormMethod.TooLarge();
        }
        MultipartForm form = new MultipartForm(text, boundary);
        return form.findParts() ? form.method() : new FormMethod.None();
    }

    /** False if the body is not finished: Rack then gives it up. */
    private boolean findParts() {
        Line first = nextLine();
        if (first == Line.CLOSE && at == delimiter.length() + 4 && at == text.length()) {
            return true;
        }
        if (first == Line.NONE) {
            return false;
        }
        Line next;
        do {
            if (!part()) {
                return false;
            }
            next = nextLine();
        } while (next == Line.DELIMITER || (next == Line.NONE && at < text.length()));
        return true;
    }

    /** The next line that is a delimiter and nothing else, but for white space around it. */
    private Line nextLine() {
        do {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline + 1;
            String line = stripped(text, at, end);
            at = end;
            if (line.equals(delimiter)) {
                return Line.DELIMITER;
            }
            if (line.equals(delimiter + "--")) {
                return Line.CLOSE;
            }
        } while (at < text.length());
        return Line.NONE;
    }

    /** As Ruby's String#strip: NUL counts as white space. */
    private static String stripped(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == 0 || c == ' ' || (c >= '\t' && c <= '\r');
    }

    private boolean part() {
        int blankLine = text.indexOf(CRLF + CRLF, at);
        if (blankLine < 0) {
            return false;
        }
        String head = text.substring(at, blankLine + 2);
        int from = blankLine + 4;
        int found = delimiterWithin(from);
        if (found < 0) {
            return false;
        }
        int to = found - 2 >= from && text.startsWith(CRLF, found - 2) ? found - 2 : found;
        parts.add(new Part(head, from, to));
        // Over the line's end. Where there is none, Rack loses the delimiter's dashes, and so must we.
        at = to + 2;
        return true;
    }

    private int delimiterWithin(int from) {
        int found = text.indexOf(delimiter, from);
        while (found >= 0) {
            int after = found + delimiter.length();
            if (text.startsWith(CRLF, after) || text.startsWith("--", after)) {
                return found;
            }
            found = text.indexOf(delimiter, found + 1);
        }
        return -1;
    }

    private FormMethod method() {
        FormParams params = new FormParams();
        for (Part part : parts) {
            if (part.head.length() > PartHead.MAX_CHARS) {
                return new FormMethod.TooLarge();
            }
            if (!put(part, params)) {
                return new FormMethod.None();
            }
        }
        return params.method();
    }

    private boolean put(Part part, FormParams params) {
        String name = PartHead.name(part.head);
        String filename = PartHead.filename(part.head);
        if (filename != null) {
            // An empty one is that of a field for a file that nobody chose.
            return filename.isEmpty() || params.put(utf8(name.isEmpty() ? filename : name), FormParams.NO_VERB);
        }
        String type = PartHead.contentType(part.head);
        if (name.isEmpty()) {
            return params.put(utf8((type == null ? "text/plain" : type) + "[]"), FormParams.NO_VERB);
        }
        return params.put(utf8(name), textOf(part, type));
    }

    private String textOf(Part part, @Nullable String type) {
        String value = text.substring(part.bodyFrom, part.bodyTo);
        String charset = PartHead.charset(type);
        if (charset == null) {
            return utf8(value);
        }
        return PartHead.isAsciiCompatible(charset) ? value : FormParams.NO_VERB;
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
