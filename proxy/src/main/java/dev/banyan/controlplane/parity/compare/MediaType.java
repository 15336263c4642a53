package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import java.util.Locale;

/**
 * A {@code Content-Type}, spelt in one way.
 *
 * @param essence {@code application/json}, in lower case; empty: nothing is said
 * @param charset in lower case; empty: nothing is said
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1">RFC 9110, 8.3.1</a>
 */
record MediaType(String essence, String charset) {

    static MediaType of(SeenAnswer answer) {
        return of(answer.first("content-type"));
    }

    static MediaType of(String field) {
        String[] parts = field.split(";", -1);
        String charset = "";
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("charset=")) {
                charset = parameter.substring("charset=".length()).replace("\"", "");
            }
        }
        return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), charset);
    }

    boolean isJson() {
        return essence.equals("application/json") || essence.endsWith("+json");
    }

    /** Pages, and the parts of pages that Turbo replaces. */
    boolean isHtml() {
        return essence.equals("text/html")
                || essence.equals("application/xhtml+xml")
                || essence.equals("text/vnd.turbo-stream.html");
    }

    /** Whether both mean the same: JSON is UTF-8 whatever is said (RFC 8259, 8.1). */
    boolean says(MediaType other) {
        return essence.equals(other.essence) && (isJson() ? bothUtf8(other) : charset.equals(other.charset));
    }

    private boolean bothUtf8(MediaType other) {
        return utf8() && other.utf8() || charset.equals(other.charset);
    }

    private boolean utf8() {
        return charset.isEmpty() || charset.equals("utf-8") || charset.equals("utf8");
    }

    @Override
    public String toString() {
        return charset.isEmpty() ? essence : essence + ";charset=" + charset;
    }
}
