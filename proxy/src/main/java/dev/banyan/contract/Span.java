package dev.banyan.contract;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long something that is handed out to people holds, as they write it: {@code 90s}, {@code 15m}, {@code 12h}, {@code 30d}. */
public record Span(Duration duration) {
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    public static Optional<Span> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches() ? Optional.of(of(Long.parseLong(parts.group(1)), parts.group(2))) : Optional.empty();
    }

    private static Span of(long count, String unit) {
        return new Span(
                switch (unit) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    /** In the largest unit that needs no fraction. */
    @Override
    public String toString() {
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
