package dev.banyan.routing.keys;

import dev.banyan.routing.Share;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads shares: {@code 5%}. */
final class Shares {
    private static final Pattern PERCENT = Pattern.compile("(-?[0-9]{1,9}(?:\\.[0-9]{1,9})?)%");
    private static final Pattern BARE = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");

    private Shares() {}

    static Optional<Share> read(Value value) {
        String fix = "write a share from 0% to 100%, such as 5%";
        return value.scalar(fix).flatMap(text -> read(value, text, fix));
    }

    static Optional<Share> read(Value value, String text, String fix) {
        Matcher matcher = PERCENT.matcher(text);
        if (!matcher.matches()) {
            boolean bare = BARE.matcher(text).matches();
            value.wrong(
                    Shown.text(text) + (bare ? " has no unit" : " is no share"),
                    bare ? "write " + text + "%, if that is what you mean" : fix);
            return Optional.empty();
        }
        BigDecimal percent = new BigDecimal(matcher.group(1));
        Optional<Share> share = Share.ofPercent(percent);
        if (share.isEmpty()) {
            value.wrong(Shown.text(text) + tooMuch(percent), fix);
        }
        return share;
    }

    /**
     * The same where 0% makes no sense.
     *
     * @param nothing what 0% would do
     */
    static Optional<Share> readSome(Value value, String nothing, String fix) {
        return read(value).filter(share -> !share.equals(Share.NONE) || !value.refused(nothing, fix));
    }

    private static String tooMuch(BigDecimal percent) {
        if (percent.signum() < 0) {
            return " is less than nothing";
        }
        return percent.compareTo(BigDecimal.valueOf(100)) > 0
                ? " is more than the whole"
                : " is finer than the steps of 0.01% that there are";
    }
}
