package dev.banyan.yaml;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The units of the format: durations, sizes, counts and words. Each complains at its value and is then empty. */
public final class Scalars {
    private static final Pattern AMOUNT = Pattern.compile("([+-]?[0-9]{1,15}(?:\\.[0-9]{1,15})?) ?([A-Za-z/]*)");
    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,8})(B|KiB|MiB|GiB)");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");
    private static final int MOST_DIGITS = 9;
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,9}(?:\\.[0-9]{1,9})?");

    private Scalars() {}

    public static Optional<Duration> duration(Value value, Duration least, Duration most) {
        String fix = "write a duration such as 250ms, 30s or 15m";
        return value.scalar(fix).flatMap(text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                value.wrong(
                        Shown.text(text) + " is no duration", durationFix(text).orElse(fix));
                return Optional.empty();
            }
            Duration duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
            return within(value, duration, least, most);
        });
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static Optional<String> durationFix(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches() || amount.group(1).startsWith("-")) {
            return Optional.empty();
        }
        String number = withoutZeros(amount.group(1));
        if (amount.group(2).isEmpty() && WHOLE.matcher(number).matches()) {
            return Optional.of("add the unit: " + number + "ms, " + number + "s or " + number + "m");
        }
        Optional<String> unit = Optional.ofNullable(DURATION_UNITS.get(amount.group(2)));
        if (unit.isEmpty() || number.startsWith("+")) {
            return Optional.empty();
        }
        BigDecimal millis = new BigDecimal(number)
                .multiply(BigDecimal.valueOf(duration(1, unit.get()).toMillis()));
        String better = number.contains(".")
                ? millis.setScale(0, RoundingMode.HALF_UP).toPlainString() + "ms"
                : number + unit.get();
        return DURATION.matcher(better).matches()
                ? Optional.of((number.contains(".") ? "write whole numbers, such as " : "write ") + better)
                : Optional.empty();
    }

    /** {@code 010} is ten to some readers and eight to others, so the format has no such numbers. */
    private static String withoutZeros(String number) {
        return number.replaceFirst("^0+(?=[0-9])", "");
    }

    private static final Map<String, String> DURATION_UNITS = Map.ofEntries(
            Map.entry("ms", "ms"),
            Map.entry("msec", "ms"),
            Map.entry("millis", "ms"),
            Map.entry("milliseconds", "ms"),
            Map.entry("s", "s"),
            Map.entry("S", "s"),
            Map.entry("sec", "s"),
            Map.entry("secs", "s"),
            Map.entry("second", "s"),
            Map.entry("seconds", "s"),
            Map.entry("m", "m"),
            Map.entry("min", "m"),
            Map.entry("mins", "m"),
            Map.entry("minute", "m"),
            Map.entry("minutes", "m"),
            Map.entry("h", "h"),
            Map.entry("hour", "h"),
            Map.entry("hours", "h"));

    /** As files write it, in the largest unit that is whole. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }

    public static Optional<Long> bytes(Value value) {
        String fix = "write a size such as 64KiB or 1MiB";
        return value.scalar(fix).flatMap(text -> {
            Matcher matcher = SIZE.matcher(text);
            if (matcher.matches()) {
                return Optional.of(Long.parseLong(matcher.group(1)) << shift(matcher.group(2)));
            }
            value.wrong(Shown.text(text) + " is no size", sizeFix(text).orElse(fix));
            return Optional.empty();
        });
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 30;
        };
    }

    private static Optional<String> sizeFix(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()
                || !WHOLE.matcher(amount.group(1)).matches()
                || amount.group(1).startsWith("-")) {
            return Optional.empty();
        }
        String number = withoutZeros(amount.group(1));
        if (number.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        return switch (amount.group(2)) {
            case "" -> Optional.of("add the unit: " + number + "B, " + number + "KiB or " + number + "MiB");
            case "k", "K", "kb", "kB", "KB", "kib", "Ki", "KIB", "KiB" -> Optional.of("write " + number + "KiB");
            case "m", "M", "mb", "MB", "mib", "Mi", "MIB", "MiB" -> Optional.of("write " + number + "MiB");
            case "g", "G", "gb", "GB", "gib", "Gi", "GIB", "GiB" -> Optional.of("write " + number + "GiB");
            case "b", "B" -> Optional.of("write " + number + "B");
            default -> Optional.empty();
        };
    }

    /** As files write it, in the largest unit that is whole. */
    public static String sizeText(long bytes) {
        if (bytes == 0 || bytes % 1024 != 0) {
            return bytes + "B";
        }
        return bytes % (1 << 20) != 0 ? bytes / 1024 + "KiB" : bytes / (1 << 20) + "MiB";
    }

    public static Optional<Integer> count(Value value, int least, int most) {
        String fix = "write a whole number from " + least + " to " + most;
        return value.scalar(fix).flatMap(text -> {
            boolean whole = WHOLE.matcher(text).matches();
            if (!whole) {
                value.wrong(Shown.text(text) + " is no whole number", fix);
                return Optional.empty();
            }
            if (value.node().getTag().equals(Tag.STR)) {
                value.wrong(Shown.text(text) + " is a text to YAML", withoutTextFix(value, text));
                return Optional.empty();
            }
            int number = Integer.parseInt(text);
            boolean outside = (number < least || number > most)
                    && value.refused(text + " is " + (number < least ? "too few" : "too many"), fix);
            return outside ? Optional.empty() : Optional.of(number);
        });
    }

    private static String withoutTextFix(Value value, String text) {
        String number = Integer.toString(Integer.parseInt(text));
        if (!value.isQuoted()) {
            return "write " + number + ", which begins with no zero";
        }
        return number.equals(text) ? "write it without quotes" : "write " + number + ", without quotes";
    }

    /** A number that may have a fraction, written with a suffix such as {@code x}; none for the empty suffix. */
    public static Optional<Double> decimal(Value value, String suffix, double least, double most, String fix) {
        return value.scalar(fix).flatMap(text -> {
            String number = text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : "";
            if (!DECIMAL.matcher(number).matches()) {
                value.wrong(Shown.text(text) + " is not understood", fix);
                return Optional.empty();
            }
            if (suffix.isEmpty()
                    && value.isQuoted()
                    && value.refused(Shown.text(text) + " is a text to YAML", "write it without quotes")) {
                return Optional.empty();
            }
            double parsed = Double.parseDouble(number);
            boolean outside = (parsed < least || parsed > most)
                    && value.refused(Shown.text(text) + " is too " + (parsed < least ? "little" : "much"), fix);
            return outside ? Optional.empty() : Optional.of(parsed);
        });
    }

    public static Optional<Boolean> yesNo(Value value) {
        String fix = "write true or false";
        return value.scalar(fix).flatMap(text -> {
            if (value.node().getTag().equals(Tag.BOOL)) {
                return Optional.of(text.equals("true"));
            }
            boolean quoted = value.isQuoted() && (text.equals("true") || text.equals("false"));
            value.wrong(
                    Shown.text(text) + (quoted ? " is a text to YAML" : " is neither true nor false"),
                    quoted ? "write it without quotes" : fix);
            return Optional.empty();
        });
    }

    /** One of a few words. */
    public static <T> Optional<T> word(Value value, Map<String, T> words) {
        String fix = "write " + listed(words.keySet());
        return value.scalar(fix).flatMap(text -> {
            Optional<T> meant = Optional.ofNullable(words.get(text));
            if (meant.isEmpty()) {
                value.wrong(
                        Shown.text(text) + " is not known here",
                        Suggestion.of(text, words.keySet())
                                .map(near -> "did you mean " + near + "?")
                                .orElse(fix));
            }
            return meant;
        });
    }

    /** {@code a, b or c}, sorted. */
    public static String listed(Collection<String> words) {
        String all = String.join(", ", words.stream().sorted().toList());
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
    }

    private static Optional<Duration> within(Value value, Duration duration, Duration least, Duration most) {
        boolean outside = (duration.compareTo(least) < 0 || duration.compareTo(most) > 0)
                && value.refused(
                        text(duration) + " is too " + (duration.compareTo(least) < 0 ? "short" : "long"),
                        "write a duration from " + text(least) + " to " + text(most));
        return outside ? Optional.empty() : Optional.of(duration);
    }
}
