package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.parity.compare.CompareRules;
import dev.banyan.routing.Flag;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.keys.UpstreamKeys;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A route as it is compared now.
 *
 * @param legacy which upstream that is, as a file describes it
 * @param known what somebody has said to be known, whether or not it still holds
 * @param since the revision that made it what it is
 */
record Compared(
        Route route, String legacy, CompareRules rules, SortedMap<String, Flag<KnownDifference>> known, long since) {

    /**
     * As that table has it: the very one as before if answers are compared as they were, so that they may be counted together. Tables
     * change often and have many routes, and rules take time to make.
     *
     * @param before null: there was none
     */
    static Compared of(Route route, RoutingTable table, @Nullable Compared before) {
        String legacy = legacy(route, table);
        SortedMap<String, Flag<KnownDifference>> known =
                table.flags().of(route.id()).known();
        boolean isAsBefore = before != null
                && before.route.equals(route)
                && before.legacy.equals(legacy)
                && before.known.equals(known);
        return before != null && isAsBefore
                ? before
                : new Compared(route, legacy, CompareRules.of(route), known, table.revision());
    }

    private static String legacy(Route route, RoutingTable table) {
        return route.legacy()
                .flatMap(id -> Optional.ofNullable(table.base().upstreams().get(id)))
                .map(upstream -> upstream.id() + UpstreamKeys.TABLE.data(upstream))
                .orElse("");
    }

    String id() {
        return route.id();
    }

    boolean tellsNoise() {
        return !route.shadow().noise().isOff();
    }

    Optional<String> versionHeader() {
        return route.ramp().flatMap(Route.Ramp::versionHeader);
    }

    /** Whether a difference is looked at again. */
    boolean settles() {
        return !route.shadow().settle().isZero();
    }

    CompareRules rulesAt(long second) {
        return rules.on(dayOf(second));
    }

    SortedMap<String, Flag<KnownDifference>> knownAt(long second) {
        LocalDate day = dayOf(second);
        if (known.values().stream().allMatch(flag -> flag.value().holdsOn(day))) {
            return known;
        }
        SortedMap<String, Flag<KnownDifference>> holding = new TreeMap<>(known);
        holding.values().removeIf(flag -> !flag.value().holdsOn(day));
        return holding;
    }

    private static LocalDate dayOf(long second) {
        return LocalDate.ofInstant(Instant.ofEpochSecond(second), ZoneOffset.UTC);
    }
}
