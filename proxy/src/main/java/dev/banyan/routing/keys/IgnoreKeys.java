package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.freeText;
import static dev.banyan.routing.keys.Schema.component;
import static dev.banyan.routing.keys.Schema.named;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.QuotedText;
import dev.banyan.routing.Route.Ignored;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is not compared: a place, or a place with a day until which it is not, and why. */
public final class IgnoreKeys {
    private static final int MOST = 200;
    private static final int LONGEST = 200;
    private static final String HEADER = "header [!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String FIELD = "(" + ShadowKeys.JSON_PATH + "|" + HEADER + "|" + Selectors.PATTERN + ")";
    private static final Pattern PLACE = Pattern.compile(FIELD);
    private static final Pattern PATH_OR_HEADER = Pattern.compile(ShadowKeys.JSON_PATH + "|" + HEADER);
    private static final Pattern JSON = Pattern.compile(ShadowKeys.JSON_PATH);
    private static final String FIX =
            "write paths from the root of the JSON, such as $.items[*].id, fields of the head,"
                    + " such as header etag, or CSS selectors, such as p.updated";
    private static final String DAY_FIX = "write a day such as 2027-01-31";

    private static final Kind<String> AT = new Scalar<>(
            IgnoreKeys::place,
            QuotedText::of,
            field -> field,
            new Kind.Description(
                    "JSON-PATH|header NAME|CSS-SELECTOR",
                    named(
                            "ignored-field",
                            Schema.pattern(
                                    "^" + FIELD + "$",
                                    "maxLength",
                                    LONGEST,
                                    "examples",
                                    List.of("$.items[*].id", "p.updated"))),
                    schema("type", "string")));

    private static final Kind<LocalDate> DAY = new Scalar<>(
            IgnoreKeys::day,
            LocalDate::toString,
            LocalDate::toString,
            new Kind.Description(
                    "YYYY-MM-DD",
                    named("day", Schema.pattern("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")),
                    component("Day")));

    private static final KeyTable.Builder<Ignored> ENTRY = KeyTable.of("an entry of ignore", FIX);

    // spotless:off (one line per key)
    private static final Key<Ignored, String> WHERE = ENTRY.required("field", AT, Ignored::field, "$.generated_at", "What is not compared.");
    private static final Key<Ignored, Optional<LocalDate>> UNTIL = ENTRY.maybe("until", DAY, Ignored::until, "2027-01-31", "The last day on which it is not, by UTC.");
    private static final Key<Ignored, Optional<String>> WHY = ENTRY.maybe("why", freeText(200, "write why, in a line"), Ignored::why, "legacy rounds down", "Why not.");
    // spotless:on

    private static final KeyTable<Ignored> ONE = ENTRY.checkedBy(IgnoreKeys::check)
            .schema(schema("required", List.of(WHERE.name())))
            .madeBy(given -> new Ignored(given.said(WHERE).orElse(""), given.get(UNTIL), given.get(WHY)));

    static final Kind<List<Ignored>> IGNORED = new Many<>(
            IgnoreKeys::list,
            one -> text(one),
            one -> isPlain(one) ? one.field() : ONE.data(one),
            true,
            false,
            new Kind.Description(
                    "[ JSON-PATH|header NAME|CSS-SELECTOR|{ field, until, why }, ... ]",
                    Schema.list(
                            schema(
                                    "anyOf",
                                    List.of(
                                            AT.described().schema(),
                                            ONE.described().schema())),
                            "maxItems",
                            MOST),
                    Schema.list(schema(
                            "anyOf",
                            List.of(AT.described().api(), ONE.described().api())))));

    private IgnoreKeys() {}

    /** Whether a file may name something so: a path, {@code header NAME}, or a selector that can mean nothing else. */
    public static boolean isField(String text) {
        return isSpeltRight(text) && isUnambiguous(text);
    }

    private static boolean isSpeltRight(String text) {
        return PLACE.matcher(text).matches() && text.length() <= LONGEST;
    }

    private static boolean isUnambiguous(String text) {
        return PATH_OR_HEADER.matcher(text).matches() || Selectors.isMeant(text);
    }

    /** As a file says all of it: {@code [ $.generated_at, { field: header etag, until: 2027-01-31 } ]}. */
    public static String text(List<Ignored> all) {
        return IGNORED.text(all);
    }

    private static String text(Ignored one) {
        return isPlain(one) ? AT.text(one.field()) : ONE.text(one);
    }

    private static boolean isPlain(Ignored one) {
        return one.until().isEmpty() && one.why().isEmpty();
    }

    private static void check(Ignored one, Section section) {
        if (!section.isMeant(WHERE.name())) {
            section.value().wrong("has no field", "write { field: $.generated_at, until: 2027-01-31, why: ... }");
        }
    }

    private static Optional<List<Ignored>> list(Value value) {
        List<Value> items = value.items("write a list such as [ $.generated_at ]");
        if (items.size() > MOST && value.refused(items.size() + " are too many", "write at most " + MOST)) {
            return Optional.empty();
        }
        List<Ignored> all = new ArrayList<>();
        for (Value item : items) {
            Optional<Ignored> one =
                    item.isSection() ? ONE.read(item) : place(item).map(Ignored::of);
            one.filter(read -> !read.field().isEmpty()).ifPresent(all::add);
        }
        return Optional.of(all);
    }

    private static Optional<String> place(Value value) {
        return value.text(FIX).filter(text -> isPlace(value, text));
    }

    private static boolean isPlace(Value value, String text) {
        boolean rootless = JSON.matcher("$." + text).matches();
        if (!isSpeltRight(text)) {
            return !value.refused(Shown.text(text) + " is no path", rootless ? "write $." + Shown.text(text) : FIX);
        }
        if (isUnambiguous(text)) {
            return true;
        }
        String fix = rootless ? "write $." + text + ", or for an element body " + text : FIX;
        return !value.refused(Shown.text(text) + " could be more than one thing", fix);
    }

    private static Optional<LocalDate> day(Value value) {
        return value.scalar(DAY_FIX).flatMap(text -> {
            try {
                return Optional.of(LocalDate.parse(text));
            } catch (DateTimeParseException e) {
                value.wrong(Shown.text(text) + " is no day", DAY_FIX);
                return Optional.empty();
            }
        });
    }
}
