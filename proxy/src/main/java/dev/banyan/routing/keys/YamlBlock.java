package dev.banyan.routing.keys;

import dev.banyan.routing.QuotedText;
import java.util.List;
import java.util.function.Consumer;

/** Writes one block of YAML after the other, always in the same way: the text is what digests are made of. */
public final class YamlBlock {
    private final StringBuilder out = new StringBuilder();
    private final String indent;

    public YamlBlock() {
        this("");
    }

    private YamlBlock(String indent) {
        this.indent = indent;
    }

    /** Writes a value as it is given, without quotes: numbers with units, counts, words of the format, lists between brackets. */
    public YamlBlock raw(String key, String value) {
        out.append(indent).append(key).append(": ").append(value).append('\n');
        return this;
    }

    public YamlBlock text(String key, String value) {
        return raw(key, QuotedText.of(value));
    }

    /** A line for each. */
    YamlBlock lines(String key, List<String> values) {
        out.append(indent).append(key).append(":\n");
        values.forEach(value -> out.append(indent).append("  - ").append(value).append('\n'));
        return this;
    }

    /** Left out if nothing is written into it. */
    public YamlBlock block(String key, Consumer<YamlBlock> content) {
        YamlBlock inner = new YamlBlock(indent + "  ");
        content.accept(inner);
        if (!inner.out.isEmpty()) {
            out.append(indent).append(QuotedText.of(key)).append(":\n").append(inner.out);
        }
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
