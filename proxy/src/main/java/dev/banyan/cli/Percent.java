package dev.banyan.cli;

import dev.banyan.routing.Share;
import java.math.BigDecimal;
import java.util.Optional;
import picocli.CommandLine.TypeConversionException;

/** Shares as people type them: {@code 25%}, {@code 25}, {@code 0.05%}. */
final class Percent {
    private Percent() {}

    static Share parse(String text) {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
        Optional<Share> share = number.matches("[0-9]{1,3}(\\.[0-9]{1,6})?")
                ? Share.ofPercent(new BigDecimal(number))
                : Optional.empty();
        return share.orElseThrow(() -> new TypeConversionException(
                "'" + text + "' is not a share (expected: 0% to 100% in steps of 0.01%, such as 25%)"));
    }
}
