package dev.banyan.stores.file;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text where its own lines say so, so that two texts that differ in a line have all other parts in common (content-defined
 * chunking, as in LBFS, SOSP 2001): a save among ten thousand routes stores a few kilobytes and not megabytes.
 */
final class TextParts {
    /** A line in so many ends a part: some kilobytes of a routing file. */
    private static final int LINES_MASK = 0xFF;

    /** Whatever the lines are, parts are not many. */
    private static final int FEWEST_CHARS = 2048;

    private TextParts() {}

    /** In their order; joined they are the text. */
    static List<String> of(String text) {
        List<String> parts = new ArrayList<>();
        int begin = 0;
        int line = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', line)) {
            if (end - begin >= FEWEST_CHARS && endsPart(text, line, end)) {
                parts.add(text.substring(begin, end + 1));
                begin = end + 1;
            }
            line = end + 1;
        }
        if (begin < text.length() || parts.isEmpty()) {
            parts.add(text.substring(begin));
        }
        return parts;
    }

    private static boolean endsPart(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        // The low bits of such a sum hang on the last characters alone, which many lines share.
        return (hash * 0x9E3779B9 >>> 16 & LINES_MASK) == 0;
    }
}
