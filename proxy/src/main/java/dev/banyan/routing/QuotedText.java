package dev.banyan.routing;

import java.util.Locale;
import java.util.regex.Pattern;

/** Text as YAML takes it for text wherever it stands, between brackets too. */
public final class QuotedText {
    /** Never an indicator, a number, a key or a comment. What is not plain is quoted, which is always right. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z/$](?:[A-Za-z0-9/$_.=@~()*;-]| (?=[A-Za-z0-9/$])|:(?=[A-Za-z0-9/$]))*");

    private static final Pattern YAML_WORD = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

    private QuotedText() {}

    /** Bare where that is safe, else in double quotes. */
    public static String of(String text) {
        return PLAIN.matcher(text).matches() && !YAML_WORD.matcher(text).matches() ? text : always(text);
    }

    /** In double quotes, for what would be a number or a truth value without them. */
    public static String always(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7F) {
                quoted.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                quoted.append(c).append(text.charAt(++i));
            } else {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }
}
