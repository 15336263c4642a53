package dev.banyan.controlplane.admin.views;

import dev.banyan.routing.RequestMatch;
import java.time.Duration;

/** Values as the routing files write them. */
final class Notation {
    private Notation() {}

    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        return seconds == 0 || seconds % 60 != 0 ? seconds + "s" : seconds / 60 + "m";
    }

    static String ofBytes(long bytes) {
        if (bytes > 0 && bytes % (1024 * 1024) == 0) {
            return bytes / (1024 * 1024) + "MiB";
        }
        return bytes > 0 && bytes % 1024 == 0 ? bytes / 1024 + "KiB" : bytes + "B";
    }

    /** {@code GET,HEAD /path}, and after it the conditions that only the long form can say. */
    static String of(RequestMatch match) {
        StringBuilder text = new StringBuilder();
        if (!match.methods().isEmpty()) {
            text.append(String.join(",", match.methods())).append(' ');
        }
        text.append(match.path());
        match.host().ifPresent(host -> text.append(" host ").append(host));
        match.headers().forEach(condition -> append(text, " header ", condition));
        match.query().forEach(condition -> append(text, " query ", condition));
        return text.toString();
    }

    private static void append(StringBuilder text, String kind, RequestMatch.Condition condition) {
        text.append(kind).append(condition.name());
        condition.value().ifPresent(value -> text.append('=').append(value));
    }
}
