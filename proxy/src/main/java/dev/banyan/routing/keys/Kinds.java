package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.component;
import static dev.banyan.routing.keys.Schema.named;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.QuotedText;
import dev.banyan.routing.Share;
import dev.banyan.routing.Words;
import dev.banyan.routing.keys.Kind.Description;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The kinds that more than one key has. */
final class Kinds {
    static final Duration MILLI = Duration.ofMillis(1);
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofHours(24);

    private static final Map<String, Object> TEXT = schema("type", "string");
    private static final Map<String, Object> TEXTS = component("Texts");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,5})/s");

    static final Scalar<Share> SHARE = new Scalar<>(
            Shares::read,
            Share::toString,
            Share::percent,
            new Description(
                    "SHARE",
                    named(
                            "share",
                            Schema.pattern(
                                    "^0*(100(\\.0{1,9})?|[0-9]{1,2}(\\.[0-9]{1,2}0{0,7})?)%$",
                                    "examples", List.of("25%", "0.05%"))),
                    component("Percent")));

    static final Kind<Boolean> YES_NO = new Scalar<>(
            Scalars::yesNo,
            String::valueOf,
            yes -> yes,
            new Description("true|false", schema("type", "boolean"), schema("type", "boolean")));

    /** So many in a second. */
    static final Kind<Integer> RATE_PER_SECOND = new Scalar<>(
            Kinds::rate,
            rate -> rate + "/s",
            rate -> rate + "/s",
            new Description("COUNT/s", Schema.pattern("^[0-9]{1,5}/s$"), TEXT));

    private static final Map<String, Object> ID = named("id", Schema.pattern("^[a-z0-9-]+$"));
    private static final Map<String, Object> DURATION = named(
            "duration", Schema.pattern("^(0|[1-9][0-9]{0,8})(ms|s|m|h)$", "examples", List.of("250ms", "30s", "15m")));
    private static final Map<String, Object> SIZE =
            named("size", Schema.pattern("^(0|[1-9][0-9]{0,8})(B|KiB|MiB|GiB)$", "examples", List.of("64KiB", "1MiB")));

    private Kinds() {}

    /**
     * What ids are made of.
     *
     * @param fix what to write instead of one that is none
     */
    static Kind<String> id(String fix) {
        return new Scalar<>(value -> Names.id(value, fix), QuotedText::of, id -> id, new Description("ID", ID, TEXT));
    }

    /** Words for people, on one line. */
    static Kind<String> freeText(int mostChars, String fix) {
        return text(
                value -> value.text(fix).filter(text -> isOneLine(value, text, mostChars, fix)),
                "TEXT",
                Schema.pattern("^[^\\x00-\\x1f\\x7f-\\x9f]*\\S[^\\x00-\\x1f\\x7f-\\x9f]*$", "maxLength", mostChars));
    }

    private static boolean isOneLine(Value value, String text, int mostChars, String fix) {
        if (text.isBlank()) {
            return !value.refused("says nothing", fix);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            return !value.refused(Shown.text(text) + " holds a control character", fix);
        }
        return text.length() <= mostChars
                || !value.refused("has more than " + mostChars + " characters", "write a shorter one");
    }

    static Kind<Duration> duration(Duration least, Duration most) {
        return new Scalar<>(
                value -> Scalars.duration(value, least, most),
                Scalars::text,
                Scalars::text,
                new Description("DURATION from " + Scalars.text(least) + " to " + Scalars.text(most), DURATION, TEXT));
    }

    /**
     * @param because what speaks against more, for the message
     */
    static Kind<Long> size(long mostBytes, String because) {
        return new Scalar<>(
                value -> Scalars.bytes(value)
                        .filter(bytes -> bytes <= mostBytes
                                || !value.refused(
                                        Scalars.sizeText(bytes) + " is too much: " + because,
                                        "write at most " + Scalars.sizeText(mostBytes))),
                Scalars::sizeText,
                Scalars::sizeText,
                new Description("SIZE up to " + Scalars.sizeText(mostBytes), SIZE, TEXT));
    }

    static Kind<Integer> count(int least, int most) {
        return new Scalar<>(
                value -> Scalars.count(value, least, most),
                String::valueOf,
                count -> count,
                new Description(
                        "COUNT from " + least + " to " + most,
                        schema("type", "integer", "minimum", least, "maximum", most),
                        schema("type", "integer")));
    }

    /** Its constants as words. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(Words.of(constant), constant);
        }
        List<String> all = List.copyOf(words.keySet());
        return new Scalar<>(
                value -> Scalars.word(value, words),
                Words::of,
                Words::of,
                new Description(String.join("|", all), schema("enum", all), schema("enum", all)));
    }

    /**
     * A text by rules of its own.
     *
     * @param pattern of JSON Schema
     */
    static <T> Scalar<T> text(Function<Value, Optional<T>> reader, String label, Map<String, Object> pattern) {
        return new Scalar<>(
                reader,
                value -> QuotedText.of(value.toString()),
                Object::toString,
                new Description(label, pattern, TEXT));
    }

    /** Without an exponent, which the format has none of. */
    static String decimal(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    /** Several whose order means nothing. */
    static <E, C extends Collection<E>> Many<E, C> many(
            Function<Value, Optional<C>> reader, String label, Map<String, Object> schema) {
        return new Many<>(
                reader,
                item -> QuotedText.of(item.toString()),
                Object::toString,
                true,
                false,
                new Description(label, schema, TEXTS));
    }

    private static Optional<Integer> rate(Value value) {
        String fix = "write a number a second, such as 3/s";
        return value.scalar(fix).flatMap(text -> {
            var rate = RATE.matcher(text);
            if (!rate.matches()) {
                value.wrong(
                        Shown.text(text) + " is no rate", text.matches("[0-9]{1,5}") ? "write " + text + "/s" : fix);
                return Optional.empty();
            }
            return Optional.of(Integer.parseInt(rate.group(1)));
        });
    }
}
