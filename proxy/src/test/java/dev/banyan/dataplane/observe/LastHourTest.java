package dev.banyan.dataplane.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Phases;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.contract.SomeExchange;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LastHourTest {
    private static final Phases HELD = new Phases(Phases.NEVER, Phases.NEVER, 10, 20);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private Instant now = START;
    private final LastHour hour = new LastHour(() -> now);

    @Test
    void routes_that_are_not_asked_for_are_in_the_total() {
        hour.follow(route("accounts"), 1);
        hour.followDefault();
        hour.read(orders().bucket(17).record());
        hour.read(orders().bucket(18).unsafe().record());
        hour.read(byDefault());
        passTo(10);
        hour.read(byDefault());

        RecentRequests.Snapshot told = hour.of(Set.of(RoutingTable.DEFAULT_ROUTE));

        assertThat(told.requests()).isEqualTo(4);
        assertThat(told.byRoute()).containsOnlyKeys(RoutingTable.DEFAULT_ROUTE);
        assertThat(told.of(RoutingTable.DEFAULT_ROUTE).total()).isEqualTo(2);
    }

    @Test
    void requests_are_counted_by_bucket_and_apart_if_they_are_unsafe() {
        hour.follow(route("accounts"), 1);

        hour.read(orders().bucket(17).record());
        hour.read(orders().bucket(17).record());
        hour.read(orders().bucket(17).unsafe().record());
        hour.read(orders().bucket(9_999).record());

        Recent recent = orders(hour);
        assertThat(recent.safe().of(17)).isEqualTo(2);
        assertThat(recent.safe().of(9_999)).isEqualTo(1);
        assertThat(recent.safe().total()).isEqualTo(3);
        assertThat(recent.unsafe().of(17)).isEqualTo(1);
        assertThat(recent.since()).isEqualTo(START);
    }

    @Test
    void what_was_decided_without_a_bucket_is_counted_by_side_and_reason() {
        hour.follow(route("accounts"), 1);

        hour.read(orders().by(Side.MODERN, Reason.OWNER).unsafe().record());
        hour.read(orders().by(Side.MODERN, Reason.OWNER).unsafe().record());
        hour.read(orders().by(Side.LEGACY, Reason.FENCED).record());

        assertThat(orders(hour).others())
                .containsExactlyInAnyOrder(
                        new Decided(Side.MODERN, Reason.OWNER, false, 2),
                        new Decided(Side.LEGACY, Reason.FENCED, true, 1));
    }

    @Test
    void what_is_more_than_an_hour_and_a_window_old_is_forgotten() {
        hour.follow(route("accounts"), 1);
        hour.read(orders().bucket(1).record());
        for (int minutes = 10; minutes <= 60; minutes += 10) {
            passTo(minutes);
            hour.read(orders().bucket(2).record());
        }

        Recent afterAnHour = orders(hour);
        passTo(70);
        Recent later = orders(hour);

        assertThat(afterAnHour.safe().of(1)).isEqualTo(1);
        assertThat(afterAnHour.since()).isEqualTo(START);
        assertThat(later.safe().of(1)).isZero();
        assertThat(later.safe().of(2)).isEqualTo(6);
        assertThat(later.since()).isEqualTo(START.plus(Duration.ofMinutes(10)));
    }

    @Test
    void another_cohort_begins_anew_because_its_buckets_are_other_users() {
        hour.follow(route("accounts"), 1);
        hour.read(orders().bucket(1).record());
        passTo(3);

        hour.follow(route("other"), 2);
        hour.read(orders().bucket(1).revision(1).record());
        hour.read(orders().bucket(2).revision(2).record());

        assertThat(orders(hour).safe().total()).isEqualTo(1);
        assertThat(orders(hour).since()).isEqualTo(now);
    }

    @Test
    void a_table_that_keeps_the_route_keeps_its_counts_and_one_that_does_not_drops_them() {
        hour.follow(route("accounts"), 1);
        hour.read(orders().bucket(1).record());

        hour.follow(route("accounts"), 2);
        hour.retain(Set.of("orders"));
        long kept = orders(hour).total();
        hour.retain(Set.of());

        assertThat(kept).isEqualTo(1);
        assertThat(orders(hour).total()).isZero();
    }

    @Test
    void what_was_never_on_its_way_is_not_counted() {
        hour.follow(route("accounts"), 1);
        ExchangeRecord held = orders().record();

        hour.read(new ExchangeRecord(
                "id", "", 0, 1, held.destination(), List.of(), 503, -1, false, 0, 0, HELD, "writes-moving"));
        hour.read(new ExchangeRecord("id", "", 0, 1, null, List.of(), 400, -1, false, 0, 0, HELD, "bad-path"));

        assertThat(orders(hour).total()).isZero();
    }

    @Test
    void memory_is_bounded_and_what_it_costs_is_told_by_since() {
        LastHour small = new LastHour(() -> now, 15_000);
        small.follow(route("accounts"), 1);
        for (int minutes = 0; minutes < 30; minutes += 10) {
            passTo(minutes);
            small.caughtUp();
            for (int bucket = 0; bucket < 10_000; bucket++) {
                small.read(orders().bucket(bucket).record());
            }
        }
        passTo(30);
        small.caughtUp();

        Recent recent = orders(small);

        assertThat(recent.total()).isEqualTo(10_000);
        assertThat(recent.since()).isEqualTo(START.plus(Duration.ofMinutes(20)));
    }

    @Test
    void a_tally_counts_as_an_array_would() {
        Random random = new Random(7);
        int[] expected = new int[Cells.COUNT];
        Tally tally = new Tally();
        for (int i = 0; i < 100_000; i++) {
            int cell = random.nextInt(random.nextBoolean() ? 50 : Cells.COUNT);
            expected[cell]++;
            tally.add(cell);
        }

        int[] counted = new int[Cells.COUNT];
        tally.addTo(counted);
        int[] packed = new int[Cells.COUNT];
        tally.packed().addTo(packed);
        tally.clear();
        int[] cleared = new int[Cells.COUNT];
        tally.addTo(cleared);

        assertThat(counted).isEqualTo(expected);
        assertThat(packed).isEqualTo(expected);
        assertThat(cleared).containsOnly(0);
    }

    private void passTo(int minutes) {
        now = START.plus(Duration.ofMinutes(minutes));
        hour.caughtUp();
    }

    private static Recent orders(LastHour hour) {
        return hour.of(Set.of("orders")).of("orders");
    }

    private static SomeExchange orders() {
        return SomeExchange.of("orders");
    }

    private static ExchangeRecord byDefault() {
        return SomeExchange.of(RoutingTable.DEFAULT_ROUTE)
                .by(Side.LEGACY, Reason.DEFAULT)
                .record();
    }

    private static Route route(String cohort) {
        return Routes.of("orders", """
                match: GET /orders
                legacy: rails
                modern: accounts
                cohort: %s
                stick-by: [ user ]
                """.formatted(cohort));
    }
}
