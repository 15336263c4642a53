package dev.banyan.controlplane.admin.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Query;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Which entries of the audit log somebody wants to see.
 *
 * @param route only those that tell of this route
 * @param since only those since then
 */
public record AuditFilter(Optional<String> route, Optional<Instant> since) {
    static final AuditFilter NONE = new AuditFilter(Optional.empty(), Optional.empty());

    public static AuditFilter of(Query query) {
        return new AuditFilter(query.text("route"), query.text("since").map(AuditFilter::instant));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw CommonProblems.badRequest(
                    "The query's since is not a time.", "write one in UTC such as 2026-03-01T12:00:00Z");
        }
    }

    /** The log is written in the order of time, so nothing before this entry is asked for. */
    public boolean isOver(ObjectNode entry) {
        return since.filter(least -> time(entry).isBefore(least)).isPresent();
    }

    public boolean asksFor(ObjectNode entry) {
        return route.isEmpty() || tellsOf(entry.path("routes"), route.get());
    }

    private static boolean tellsOf(JsonNode routes, String id) {
        for (JsonNode route : routes) {
            if (route.asText().equals(id)) {
                return true;
            }
        }
        return false;
    }

    private static Instant time(ObjectNode entry) {
        try {
            return Instant.parse(entry.path("time").asText());
        } catch (DateTimeException e) {
            return Instant.MAX;
        }
    }
}
