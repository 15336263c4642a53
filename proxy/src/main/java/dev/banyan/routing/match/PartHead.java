package dev.banyan.routing.match;

import dev.banyan.routing.FieldText;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the head of one part of a multipart body, as rack 2.2 does: by expressions that are searched for anywhere in it, not line
 * by line. So {@code X-Content-Disposition: form-data; name="a"} names a part.
 */
final class PartHead {
    /** The longest head in which a file's name is looked for: Java's expressions need stack for long text. */
    static final int MAX_CHARS = 1024;

    private static final String TOKEN = "[^\\s()<>,;:\\\\\"/\\[\\]?=]+";
    private static final String VALUE = "(?:\"[^\"\\\\]*(?:\\\\\"?[^\"\\\\]*)*\"|" + TOKEN + ")";
    private static final String ATTRIBUTE_CHAR = "[^ \\x00-\\x1f\\x7f)(><@,;:\\\\\"/\\[\\]?='*%]";
    private static final String ATTRIBUTE = ATTRIBUTE_CHAR + "+";
    private static final String EXTENDED = "(?:%[0-9a-fA-F]{2}|" + ATTRIBUTE_CHAR + ")*";
    private static final String PARAMETER = ";\\s*(?:"
            + "(" + ATTRIBUTE + "(?:\\*[0-9]+)?)=(" + VALUE + ")"
            + "|(" + ATTRIBUTE + "(?:\\*0)?\\*)=[a-zA-Z0-9-]*'[a-zA-Z0-9-]*'(" + EXTENDED + ")"
            + "|" + ATTRIBUTE + "\\*[1-9][0-9]*\\*=" + EXTENDED
            + ")\\s*";
    private static final String DISPOSITION = "(?i:Content-Disposition:\\s*" + TOKEN + "\\s*)";
    // Ruby's dot, ^ and $ know one end of line: \n.
    private static final int RUBY = Pattern.MULTILINE | Pattern.UNIX_LINES;
    private static final Pattern PARAMETERS = Pattern.compile(PARAMETER, RUBY);
    private static final Pattern WELL_FORMED = Pattern.compile("^" + DISPOSITION + "(?:" + PARAMETER + ")+$", RUBY);
    private static final Pattern BROKEN =
            Pattern.compile("^" + DISPOSITION + ".*;\\s*(?i:filename)=(" + VALUE + ")", RUBY);
    private static final Pattern QUOTED = Pattern.compile("^\"(.*)\"$", RUBY);

    private static final Pattern NOT_ASCII =
            Pattern.compile("utf-?(16|32|7).*|ucs-.*|iso-?2022-jp.*|cp5022[01]|cp65000|ibm037|ebcdic.*");

    private PartHead() {}

    /** The name that the disposition gives, or else the content's id; empty if there is neither. */
    static String name(String head) {
        String disposition = "content-disposition:";
        for (int at = indexOf(head, disposition, 0); at >= 0; at = indexOf(head, disposition, at + 1)) {
            int from = at + disposition.length();
            int colon = head.indexOf(':', from);
            String name = lastNameBefore(head, from, colon < 0 ? head.length() : colon);
            if (name != null) {
                return name;
            }
        }
        int id = indexOf(head, "content-id:", 0);
        if (id < 0) {
            return "";
        }
        int from = skipSpace(head, id + "content-id:".length());
        int to = from;
        while (to < head.length() && head.charAt(to) != '\r' && head.charAt(to) != '\n') {
            to++;
        }
        return head.substring(from, to);
    }

    /** {@code [^:]*;\s*name=VALUE}: the last one before the next colon. */
    private static @Nullable String lastNameBefore(String head, int from, int colon) {
        for (int semicolon = head.lastIndexOf(';', colon - 1);
                semicolon >= from;
                semicolon = head.lastIndexOf(';', semicolon - 1)) {
            int name = skipSpace(head, semicolon + 1);
            if (head.regionMatches(true, name, "name=", 0, 5)) {
                String value = value(head, name + 5);
                if (value != null) {
                    return unescaped(value);
                }
            }
        }
        return null;
    }

    private static @Nullable String value(String head, int from) {
        if (from < head.length() && head.charAt(from) == '"') {
            int end = closingQuote(head, from + 1);
            return end < 0 ? null : head.substring(from, end + 1);
        }
        int to = from;
        while (to < head.length() && isToken(head.charAt(to))) {
            to++;
        }
        return to == from ? null : head.substring(from, to);
    }

    /** The first quote that no backslash stands before; if there is none, the last one at all. */
    private static int closingQuote(String head, int from) {
        int escaped = -1;
        for (int i = from; i < head.length(); i++) {
            if (head.charAt(i) == '"') {
                if (i == from || head.charAt(i - 1) != '\\') {
                    return i;
                }
                escaped = i;
            }
        }
        return escaped;
    }

    private static boolean isToken(char c) {
        return !isSpace(c) && "()<>,;:\\\"/[]?=".indexOf(c) < 0;
    }

    /** Quotes off, unless a line ends between them, then backslashes. */
    private static String unescaped(String value) {
        String text = value.length() >= 2 && value.charAt(0) == '"' && value.indexOf('\n') < 0
                ? value.substring(1, value.length() - 1)
                : value;
        StringBuilder unescaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '\\' && i + 1 < text.length() && text.charAt(i + 1) != '\n';
            unescaped.append(text.charAt(escape ? ++i : i));
        }
        return unescaped.toString();
    }

    /** Null: the part is no file. Empty: a file that nobody chose. */
    static @Nullable String filename(String head) {
        if (WELL_FORMED.matcher(head).find()) {
            String filename = null;
            String extended = null;
            for (Matcher parameter = PARAMETERS.matcher(head); parameter.find(); ) {
                filename = "filename".equals(parameter.group(1)) ? parameter.group(2) : filename;
                extended = "filename*".equals(parameter.group(3)) ? parameter.group(4) : extended;
            }
            return filename == null ? extended : unquoted(filename);
        }
        Matcher broken = BROKEN.matcher(head);
        return broken.find() ? unquoted(broken.group(1)) : null;
    }

    private static String unquoted(String value) {
        Matcher quoted = QUOTED.matcher(value);
        return quoted.find() ? quoted.group(1) : value;
    }

    /** What follows the first {@code Content-Type: } (one space) that stands anywhere; null if there is none. */
    static @Nullable String contentType(String head) {
        String field = "content-type: ";
        for (int at = indexOf(head, field, 0); at >= 0; at = indexOf(head, field, at + 1)) {
            int newline = head.indexOf('\n', at);
            int from = at + field.length();
            if (newline > from && head.charAt(newline - 1) == '\r') {
                return head.substring(from, newline - 1);
            }
        }
        return null;
    }

    /** The charset that Rack tags a part's text with; null: UTF-8. */
    static @Nullable String charset(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        String[] parts = contentType.split(";", -1);
        String charset = null;
        for (int i = 1; i < parts.length && FieldText.trimmed(parts[0]).equals("text/plain"); i++) {
            int equals = parts[i].indexOf('=');
            if (equals >= 0 && FieldText.trimmed(parts[i].substring(0, equals)).equals("charset")) {
                charset = FieldText.trimmed(parts[i].substring(equals + 1)).replace("\"", "");
            }
        }
        return charset == null || charset.equalsIgnoreCase("utf-8") ? null : charset;
    }

    /** Whether ASCII letters are themselves in it; in UTF-16 no bytes spell a verb that Ruby would know. */
    static boolean isAsciiCompatible(String charset) {
        return !NOT_ASCII.matcher(charset.toLowerCase(Locale.ROOT)).matches();
    }

    private static int indexOf(String head, String lowerCase, int from) {
        for (int i = from; i <= head.length() - lowerCase.length(); i++) {
            if (head.regionMatches(true, i, lowerCase, 0, lowerCase.length())) {
                return i;
            }
        }
        return -1;
    }

    private static int skipSpace(String head, int from) {
        int at = from;
        while (at < head.length() && isSpace(head.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
