package dev.banyan.rails;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One row of a table "sent, Rails runs, Banyan" in docs/rails-matching.md. */
record DocRow(String sent, String rails, String banyan) {
    private static final Path PAGE = Path.of("..", "docs", "rails-matching.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String FORM = "application/x-www-form-urlencoded";

    static Stream<DocRow> all() {
        try {
            return Files.readAllLines(PAGE).stream()
                    .map(line -> line.split("\\s*\\|\\s*", -1))
                    .filter(cells -> cells.length == 5 && cells[1].matches("`[A-Z]+ /.*"))
                    .filter(cells -> cells[3].matches("(modern|legacy|refused), .*"))
                    .map(cells -> new DocRow(cells[1], cells[2], cells[3]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> code(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    Asked asked() {
        List<String> spans = code(sent);
        String[] line = spans.get(0).split(" ", 2);
        Asked asked = new Asked(line[0], line[1], List.of(), null);
        for (String span : spans.subList(1, spans.size())) {
            String[] field = span.split(": ", 2);
            asked = field.length == 2 ? asked.withHeader(field[0], field[1]) : asked.withBody(span);
        }
        boolean untyped = asked.body() != null
                && asked.headers().stream().noneMatch(field -> field.name().equals("Content-Type"));
        return untyped ? asked.withHeader("Content-Type", FORM) : asked;
    }

    @Override
    public String toString() {
        return sent;
    }
}
