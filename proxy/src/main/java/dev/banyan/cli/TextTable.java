package dev.banyan.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Aligned columns of plain text, two spaces apart; a column whose values are all shares or numbers is set to the right. */
final class TextTable {
    /** Where there is nothing to tell. */
    static final String NOTHING = "-";

    private static final String GAP = "  ";

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?%?");

    private final List<Column> columns;
    private final List<List<String>> rows;

    /** What is known of a column from the cells that came so far: no cell is looked at twice to lay out another. */
    private static final class Column {
        private final String header;
        private int width;
        private boolean told;
        private boolean onlyIfTold;
        private boolean numeric = true;

        Column(String header) {
            this.header = header;
            this.width = header.length();
        }

        void take(String cell) {
            width = Math.max(width, cell.length());
            if (numeric && !cell.equals(NOTHING) && !cell.isEmpty()) {
                told = true;
                numeric = NUMBER.matcher(cell).matches();
            }
        }

        String laidOut(String cell) {
            String padding = " ".repeat(width - cell.length());
            return told && numeric ? padding + cell : cell + padding;
        }
    }

    TextTable(String... header) {
        this(new ArrayList<>(), header);
    }

    /** @param rows where the rows are kept */
    TextTable(List<List<String>> rows, String... header) {
        this.columns = Arrays.stream(header).map(Column::new).toList();
        this.rows = rows;
    }

    /** Leaves a column out where it has nothing to tell of any row. */
    TextTable onlyIfTold(String header) {
        columns.stream().filter(column -> column.header.equals(header)).forEach(column -> column.onlyIfTold = true);
        return this;
    }

    TextTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + columns.size() + ")");
        }
        List<String> row = Arrays.stream(cells).map(TextTable::printable).toList();
        for (int column = 0; column < cells.length; column++) {
            columns.get(column).take(row.get(column));
        }
        rows.add(row);
        return this;
    }

    /** One line each, the header first, without trailing spaces. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(line(columns.stream().map(column -> column.header).toList()));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            Column of = columns.get(column);
            if (of.told || !of.onlyIfTold) {
                line.append(column == 0 ? "" : GAP).append(of.laidOut(cells.get(column)));
            }
        }
        return line.toString().stripTrailing();
    }

    /** Reasons and values are other people's text: no escape sequence of theirs may reach the terminal. */
    static String printable(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
