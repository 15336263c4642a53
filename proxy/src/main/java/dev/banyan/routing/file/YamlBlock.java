package dev.banyan.routing.file;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Writes one block of YAML after the other, always in the same way: the text is what digests are made of. */
final class YamlBlock {
    /** Never an indicator, a number or a word of YAML's own. What is not plain is quoted, which is always right. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/$][A-Za-z0-9/$_.-]*");

    private static final Pattern YAML_WORD = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

    private final StringBuilder out = new StringBuilder();
    private final String indent;
    private final boolean whole;

    /** Leaves out what is as usual. */
    YamlBlock() {
        this("", false);
    }

    private YamlBlock(String indent, boolean whole) {
        this.indent = indent;
        this.whole = whole;
    }

    /** Says also what is as usual. */
    static YamlBlock whole() {
        return new YamlBlock("", true);
    }

    /** Whether a value is to be said: it is another than usual, or all are. */
    boolean says(Object value, Object usual) {
        return whole || !value.equals(usual);
    }

    /** As it stands: units, counts, words of the format. */
    YamlBlock raw(String key, String value) {
        out.append(indent).append(key).append(": ").append(value).append('\n');
        return this;
    }

    YamlBlock text(String key, String value) {
        return raw(key, quoted(value));
    }

    YamlBlock texts(String key, List<String> values) {
        return raw(key, flow(values));
    }

    YamlBlock lines(String key, List<String> values) {
        out.append(indent).append(key).append(":\n");
        values.forEach(value -> out.append(indent).append("  - ").append(value).append('\n'));
        return this;
    }

    /** Left out if nothing is written into it. */
    YamlBlock block(String key, Consumer<YamlBlock> content) {
        YamlBlock inner = new YamlBlock(indent + "  ", whole);
        content.accept(inner);
        if (!inner.out.isEmpty()) {
            out.append(indent).append(quoted(key)).append(":\n").append(inner.out);
        }
        return this;
    }

    static String flow(List<String> values) {
        return values.isEmpty()
                ? "[]"
                : "[ "
                        + String.join(
                                ", ", values.stream().map(YamlBlock::quoted).toList()) + " ]";
    }

    static String quoted(String text) {
        return PLAIN.matcher(text).matches() && !YAML_WORD.matcher(text).matches() ? text : doubleQuoted(text);
    }

    static String doubleQuoted(String text) {
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

    @Override
    public String toString() {
        return out.toString();
    }
}
