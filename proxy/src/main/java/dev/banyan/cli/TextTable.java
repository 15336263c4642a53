package dev.banyan.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Aligned columns of plain text, two spaces apart; a column whose values are all shares or numbers is set to the right. */
final class TextTable {
    /** Where there is nothing to tell. */
    static final String NOTHING = "-";

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... header) {
        this.header = List.of(header);
    }

    TextTable row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + header.size() + ")");
        }
        rows.add(Arrays.stream(cells).map(TextTable::printable).toList());
        return this;
    }

    /** One line each, the header first, without trailing spaces. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(header));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.length());
            line.append(column == 0 ? "" : GAP);
            line.append(isNumeric(column) ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = header.get(column).length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    private boolean isNumeric(int column) {
        List<String> told = rows.stream()
                .map(row -> row.get(column))
                .filter(cell -> !cell.equals(NOTHING) && !cell.isEmpty())
                .toList();
        return !told.isEmpty() && told.stream().allMatch(cell -> cell.matches("[0-9]+(\\.[0-9]+)?%?"));
    }

    /** Reasons and values are other people's text: no escape sequence of theirs may reach the terminal. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
