package dev.banyan.cli;

import dev.banyan.routing.Share;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.TypeConversionException;

/**
 * A share as people type it: {@code 25%}, {@code 25}, {@code 0.05%}.
 *
 * @param taken what to say of a share without its sign, which files would refuse; nothing if it has one
 */
record Percent(Share share, List<String> taken) {

    static Percent parse(String text) {
        boolean signed = text.endsWith("%");
        String number = signed ? text.substring(0, text.length() - 1) : text;
        Optional<Share> share = number.matches("[0-9]{1,3}(\\.[0-9]{1,6})?")
                ? Share.ofPercent(new BigDecimal(number))
                : Optional.empty();
        return share.map(read -> new Percent(
                        read,
                        signed ? List.of() : List.of("note: " + text + " was taken as " + read + " of all users")))
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is not a share (expected: 0% to 100% in steps of 0.01%, such as 25%)"));
    }
}
