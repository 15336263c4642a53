package dev.banyan.routing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * A part of a whole, in steps of 0.01%.
 *
 * @param basisPoints hundredths of a percent, 0 to 10,000
 */
public record Share(int basisPoints) implements Comparable<Share> {
    public static final Share NONE = new Share(0);
    public static final Share ALL = new Share(10_000);

    public Share {
        if (basisPoints < 0 || basisPoints > 10_000) {
            throw new IllegalArgumentException("basisPoints: " + basisPoints + " (expected: 0..10000)");
        }
    }

    /** Of a number of percent such as 25 or 0.05; empty if it is outside 0 to 100 or finer than 0.01. */
    public static Optional<Share> ofPercent(BigDecimal percent) {
        // Before any arithmetic: 1E+1000000000 would expand to a gigabyte of digits.
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            return Optional.empty();
        }
        if (percent.signum() != 0 && percent.stripTrailingZeros().scale() > 2) {
            return Optional.empty();
        }
        return Optional.of(new Share(
                percent.movePointRight(2).setScale(0, RoundingMode.UNNECESSARY).intValueExact()));
    }

    /** The number of percent, without needless zeros: 25, 0.05. */
    public BigDecimal percent() {
        BigDecimal percent = BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0, RoundingMode.UNNECESSARY) : percent;
    }

    @Override
    public int compareTo(Share other) {
        return Integer.compare(basisPoints, other.basisPoints);
    }

    /** As files write it: {@code 25%}, {@code 0.05%}. */
    @Override
    public String toString() {
        return percent().toPlainString() + "%";
    }
}
