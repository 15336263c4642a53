package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** When two values that are written in two ways are the same, and what may be shown of them. */
final class JsonValues {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");
    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(Z|[+-][0-9]{2}:[0-9]{2})");
    private static final int MOST_SHOWN = 60;
    private static final int MOST_SCALE = 1_000;

    private JsonValues() {}

    /** Whether they say the same, though the one may be what Rails makes of it: a decimal as text, an instant with milliseconds. */
    static boolean same(JsonNode one, JsonNode other, CompareRules rules) {
        if (one.isNumber() && other.isNumber()) {
            return near(one.decimalValue(), other.decimalValue(), rules.tolerance());
        }
        return one.equals(other) || rules.rails() && sameOfRails(one, other, rules.tolerance());
    }

    private static boolean sameOfRails(JsonNode one, JsonNode other, double tolerance) {
        if (one.isTextual() && other.isTextual()) {
            return sameInstant(one.textValue(), other.textValue());
        }
        if (one.isTextual() && other.isNumber()) {
            return sameDecimal(one.textValue(), other.decimalValue(), tolerance);
        }
        return one.isNumber() && other.isTextual() && sameDecimal(other.textValue(), one.decimalValue(), tolerance);
    }

    /** Whether the one is a number, and the other what Rails makes of one. */
    static boolean areDecimals(JsonNode one, JsonNode other) {
        return one.isNumber() && isDecimal(other) || other.isNumber() && isDecimal(one);
    }

    private static boolean isDecimal(JsonNode node) {
        return node.isTextual() && DECIMAL.matcher(node.textValue()).matches();
    }

    private static boolean sameDecimal(String text, BigDecimal number, double tolerance) {
        return DECIMAL.matcher(text).matches() && near(new BigDecimal(text), number, tolerance);
    }

    private static boolean near(BigDecimal one, BigDecimal other, double tolerance) {
        if (one.compareTo(other) == 0) {
            return true;
        }
        // Of numbers with huge exponents the difference would have as many digits.
        boolean moderate = Math.abs(one.scale()) < MOST_SCALE && Math.abs(other.scale()) < MOST_SCALE;
        return tolerance > 0 && moderate && one.subtract(other).abs().compareTo(BigDecimal.valueOf(tolerance)) <= 0;
    }

    /** Both to the millisecond, and at the same offset: a time zone that changed is no way of writing. */
    private static boolean sameInstant(String one, String other) {
        Optional<OffsetDateTime> first = instant(one);
        return first.isPresent() && first.equals(instant(other));
    }

    /** To the millisecond, UTC spelt in one way; empty: it is none. */
    static Optional<OffsetDateTime> instant(String text) {
        if (text.length() > 40 || !INSTANT.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text).truncatedTo(ChronoUnit.MILLIS);
            return Optional.of(
                    time.getOffset().getTotalSeconds() == 0 ? time.withOffsetSameInstant(ZoneOffset.UTC) : time);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What may be kept of a value: what it is, and where values are asked for what it says, cut short. */
    static String shown(JsonNode node, boolean values) {
        if (values && node.isValueNode()) {
            return shortened(node.toString());
        }
        return switch (node.getNodeType()) {
            case ARRAY -> "list of " + node.size();
            case OBJECT -> "object";
            case STRING -> "text of " + node.textValue().length();
            case NUMBER -> "number";
            case BOOLEAN -> "truth value";
            case NULL -> "null";
            default -> "nothing";
        };
    }

    static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }
}
