package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a value looks like, whatever it says: two random tokens, or two clocks, look the same, and one in another time zone, or cut short,
 * does not. So a field that is never the same twice can still be compared.
 */
final class Shape {
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?( ?UTC|Z|[+-][0-9]{2}:?[0-9]{2})?");

    private Shape() {}

    /** Of what is no text. */
    static String of(JsonNode value) {
        return value.isNumber() && !value.isIntegralNumber()
                ? "fraction"
                : value.getNodeType().name();
    }

    /** Of a text: of times the offset; of what has no spaces how long it is and of which letters; else that it has some. */
    static String of(String text) {
        Matcher time = TIME.matcher(text);
        if (text.length() <= 40 && time.matches()) {
            return "time" + time.group(1);
        }
        boolean upper = false;
        boolean lower = false;
        boolean beyondHex = false;
        boolean other = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                return "words";
            }
            upper |= c >= 'A' && c <= 'Z';
            lower |= c >= 'a' && c <= 'z';
            beyondHex |= c > 'f' || c > 'F' && c < 'a';
            other |= c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z';
        }
        String letters = !upper && !lower ? "digits" : beyondHex ? "letters" : "hexadecimal";
        return letters + (upper ? " upper" : "") + (lower ? " lower" : "") + (other ? " marks" : "") + " of "
                + text.length();
    }
}
