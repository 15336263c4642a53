package dev.banyan.yaml;

/** How a file's own text is shown in a message: on one line, without control characters, and not too long. */
public final class Shown {
    private static final int MAX_CHARS = 60;

    private Shown() {}

    public static String text(String text) {
        if (text.isEmpty()) {
            return "\"\"";
        }
        if (text.length() <= MAX_CHARS && text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            // Nearly all: ids and keys, each of which is asked for as its file is read.
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX_CHARS).forEach(point -> shown.appendCodePoint(isPlain(point) ? point : '?'));
        if (text.codePointCount(0, text.length()) > MAX_CHARS) {
            shown.append("...");
        }
        return text.isBlank() || !text.equals(text.strip()) ? "\"" + shown + "\"" : shown.toString();
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            // Lines, directions and half characters would make the message say something else than it does.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
