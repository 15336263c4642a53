package dev.banyan.cli;

import dev.banyan.contract.Span;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import picocli.CommandLine.TypeConversionException;

/** A time in the past as people type it: {@code 2h} ago, a day of this machine's zone, or an instant. */
record Since(String text) {

    Since {
        try {
            at(text, Clock.systemUTC());
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + text
                            + "' is not a time (expected: so long ago, such as 2h or 7d, a day such as 2026-03-01, or 2026-03-01T12:00:00Z)");
        }
    }

    Instant instant(Clock clock) {
        return at(text, clock);
    }

    private static Instant at(String text, Clock clock) {
        if (Span.parse(text).isPresent()) {
            return clock.instant().minus(Span.parse(text).get().duration());
        }
        return text.contains("T")
                ? Instant.parse(text)
                : LocalDate.parse(text).atStartOfDay(clock.getZone()).toInstant();
    }
}
