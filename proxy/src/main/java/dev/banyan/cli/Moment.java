package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Instants of the admin API, as people read them: in the machine's zone, to the second. */
final class Moment {
    private static final DateTimeFormatter TO_THE_SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Moment() {}

    /** {@code -} if there is none. */
    static String local(JsonNode instant, Clock clock) {
        if (!instant.isTextual()) {
            return TextTable.NOTHING;
        }
        try {
            return TO_THE_SECOND.format(Instant.parse(instant.asText()).atZone(clock.getZone()));
        } catch (DateTimeParseException e) {
            return instant.asText();
        }
    }

    static boolean isOver(JsonNode instant, Clock clock) {
        try {
            return instant.isTextual() && !clock.instant().isBefore(Instant.parse(instant.asText()));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
