package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.routing.Route.Ignored;
import dev.banyan.routing.keys.IgnoreKeys;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The line of a route's file that says what is not compared: what it says already, and one thing more. */
record IgnoreLine(String text) {

    /**
     * The line with {@code field} in it.
     *
     * @param present as the API shows what the file says
     * @throws IllegalArgumentException what is asked cannot stand in a file, with why
     */
    static IgnoreLine of(JsonNode present, String field, @Nullable String until, @Nullable String why) {
        if (!IgnoreKeys.isField(field)) {
            throw new IllegalArgumentException("--ignore: " + field
                    + " (expected: a path such as $.items[*].id, or header NAME; in a page a CSS selector such as td.amount;"
                    + " what else differs can be known: banyan parity known)");
        }
        List<Ignored> all = new ArrayList<>();
        for (JsonNode entry : present) {
            Ignored said = entry.isTextual() ? Ignored.of(entry.asText()) : ignored(entry);
            if (!said.field().equals(field)) {
                all.add(said);
            }
        }
        all.add(new Ignored(
                field,
                Optional.ofNullable(until).map(IgnoreLine::day),
                Optional.ofNullable(why).filter(said -> !said.isEmpty())));
        return new IgnoreLine("ignore: " + IgnoreKeys.text(all));
    }

    private static Ignored ignored(JsonNode entry) {
        return new Ignored(
                entry.path("field").asText(),
                Optional.ofNullable(entry.get("until")).map(JsonNode::asText).map(LocalDate::parse),
                Optional.ofNullable(entry.get("why")).map(JsonNode::asText));
    }

    private static LocalDate day(String until) {
        try {
            return LocalDate.parse(until);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--until: " + until + " (expected: a day such as 2027-01-31)", e);
        }
    }
}
