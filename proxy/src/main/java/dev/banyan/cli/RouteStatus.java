package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A route as the admin API shows it, shares written as files write them.
 *
 * @param canary in force
 * @param canaryInFile what the base says
 * @param canaryFlag the flag that lies over it
 */
record RouteStatus(
        String id, String stage, String canary, String canaryInFile, Optional<FlagStatus> canaryFlag, JsonNode whole) {

    /** Who set a flag, when and why. */
    record FlagStatus(String author, String since, String reason) {
        static FlagStatus read(JsonNode flag) {
            return new FlagStatus(
                    flag.path("author").asText(),
                    toTheSecond(flag.path("since").asText()),
                    flag.path("reason").asText());
        }

        private static String toTheSecond(String instant) {
            return instant.replaceFirst("\\.[0-9]+Z$", "Z");
        }

        /** {@code alice, 2026-01-01T00:00:00Z: why}. */
        @Override
        public String toString() {
            return TextTable.printable(author + ", " + since + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    static RouteStatus read(JsonNode route) {
        JsonNode flag = route.path("flags").path("canary");
        return new RouteStatus(
                route.path("id").asText(),
                route.path("stage").asText(),
                percent(route.path("canary")),
                percent(route.path("base").path("canary")),
                flag.isObject() ? Optional.of(FlagStatus.read(flag)) : Optional.empty(),
                route);
    }

    static List<RouteStatus> readAll(JsonNode routes) {
        List<RouteStatus> all = new ArrayList<>();
        routes.forEach(route -> all.add(read(route)));
        return all;
    }

    /** The side that takes unsafe requests; {@code -} if there are none. */
    String owner() {
        return whole.path("owner").asText(whole.path("writes").asText(TextTable.NOTHING));
    }

    /** Who owns the route; {@code -} if nobody says. */
    String squad() {
        return whole.path("squad").asText(TextTable.NOTHING);
    }

    /** Requests a second over the last minute; {@code -} if the route has no such side, or nobody counts. */
    String perSecond(String side) {
        return whole.path("traffic").path(side).path("per_second").asText(TextTable.NOTHING);
    }

    /** What is not as its file says, or would not follow it. */
    String note() {
        List<String> notes = new ArrayList<>();
        if (whole.path("frozen").asBoolean()) {
            notes.add(whole.path("freeze").path("with_writes").asBoolean() ? "frozen, writes too" : "frozen");
        }
        if (!canary.equals(canaryInFile)) {
            notes.add("its file says " + canaryInFile);
        } else if (canaryFlag.isPresent()) {
            notes.add("a flag keeps the canary, its file says the same");
        }
        return String.join("; ", notes);
    }

    /** As files write it: 25%, 0.05%. */
    private static String percent(JsonNode number) {
        return number.isNumber() ? plain(number.decimalValue()) + "%" : TextTable.NOTHING;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
