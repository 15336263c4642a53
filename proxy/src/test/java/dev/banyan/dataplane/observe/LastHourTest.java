package dev.banyan.dataplane.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastHourTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private volatile Instant now = START;
    private final Loop one = new Loop(0, eventLoop, () -> now);
    private final Loop other = new Loop(1, eventLoop, () -> now);
    private final Counter dropped = new SimpleMeterRegistry().counter("dropped");
    private final LastHour hour = new LastHour(2, () -> now, dropped);

    @AfterEach
    void stop() {
        hour.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void routes_that_are_not_asked_for_are_in_the_total() {
        int slot = hour.slot(route("accounts"));
        hour.count(one, slot, decided(17, true));
        hour.count(one, slot, decided(18, false));
        hour.count(other, hour.slotOfDefault(), decided(Side.LEGACY, Reason.DEFAULT, -1, true));
        passTo(10);
        hour.count(other, hour.slotOfDefault(), decided(Side.LEGACY, Reason.DEFAULT, -1, true));

        RecentRequests.Snapshot told = hour.of(Set.of(RoutingTable.DEFAULT_ROUTE));

        assertThat(told.requests()).isEqualTo(4);
        assertThat(told.byRoute()).containsOnlyKeys(RoutingTable.DEFAULT_ROUTE);
        assertThat(told.of(RoutingTable.DEFAULT_ROUTE).total()).isEqualTo(2);
    }

    @Test
    void requests_of_all_loops_are_counted_by_bucket_and_apart_if_they_are_unsafe() {
        int slot = hour.slot(route("accounts"));

        hour.count(one, slot, decided(17, true));
        hour.count(other, slot, decided(17, true));
        hour.count(other, slot, decided(17, false));
        hour.count(one, slot, decided(9_999, true));

        Recent recent = orders(hour);
        assertThat(recent.safe().of(17)).isEqualTo(2);
        assertThat(recent.safe().of(9_999)).isEqualTo(1);
        assertThat(recent.safe().total()).isEqualTo(3);
        assertThat(recent.unsafe().of(17)).isEqualTo(1);
        assertThat(recent.since()).isEqualTo(START);
    }

    @Test
    void what_was_decided_without_a_bucket_is_counted_by_side_and_reason() {
        int slot = hour.slot(route("accounts"));

        hour.count(one, slot, decided(Side.MODERN, Reason.OWNER, -1, false));
        hour.count(one, slot, decided(Side.MODERN, Reason.OWNER, -1, false));
        hour.count(one, slot, decided(Side.LEGACY, Reason.FENCED, -1, true));

        assertThat(orders(hour).others())
                .containsExactlyInAnyOrder(
                        new Decided(Side.MODERN, Reason.OWNER, false, 2),
                        new Decided(Side.LEGACY, Reason.FENCED, true, 1));
    }

    @Test
    void what_is_more_than_an_hour_and_a_window_old_is_forgotten() {
        int slot = hour.slot(route("accounts"));
        hour.count(one, slot, decided(1, true));
        for (int minutes = 10; minutes <= 60; minutes += 10) {
            passTo(minutes);
            hour.count(one, slot, decided(2, true));
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
        hour.count(one, hour.slot(route("accounts")), decided(1, true));
        passTo(3);

        int slot = hour.slot(route("other"));
        hour.count(one, slot, decided(2, true));

        assertThat(orders(hour).safe().total()).isEqualTo(1);
        assertThat(orders(hour).since()).isEqualTo(now);
    }

    @Test
    void a_table_that_keeps_the_route_keeps_its_counts_and_one_that_does_not_drops_them() {
        hour.count(one, hour.slot(route("accounts")), decided(1, true));

        hour.slot(route("accounts"));
        hour.retain(Set.of("orders"));
        long kept = orders(hour).total();
        hour.retain(Set.of());

        assertThat(kept).isEqualTo(1);
        assertThat(orders(hour).total()).isZero();
    }

    @Test
    void what_comes_faster_than_it_is_counted_is_told_and_never_waits() {
        int slot = hour.slot(route("accounts"));
        int asked = 200_000;
        synchronized (hour) {
            for (int i = 0; i < asked; i++) {
                hour.count(one, slot, decided(i % 10_000, true));
            }
        }

        assertThat(orders(hour).total() + dropped.count()).isEqualTo(asked);
        assertThat(dropped.count()).isPositive();
    }

    @Test
    void memory_is_bounded_and_what_it_costs_is_told_by_since() {
        try (LastHour small = new LastHour(1, () -> now, dropped, 15_000)) {
            int slot = small.slot(route("accounts"));
            for (int minutes = 0; minutes < 30; minutes += 10) {
                passTo(minutes);
                orders(small);
                for (int bucket = 0; bucket < 10_000; bucket++) {
                    small.count(one, slot, decided(bucket, true));
                }
                orders(small);
            }
            passTo(30);

            Recent recent = orders(small);

            assertThat(recent.total()).isEqualTo(10_000);
            assertThat(recent.since()).isEqualTo(START.plus(Duration.ofMinutes(20)));
        }
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
        orders(hour);
    }

    private static Recent orders(LastHour hour) {
        return hour.of(Set.of("orders")).of("orders");
    }

    private static Decision decided(int bucket, boolean safe) {
        return decided(Side.LEGACY, Reason.CANARY, bucket, safe);
    }

    private static Decision decided(Side side, Reason reason, int bucket, boolean safe) {
        return new Decision(
                null, side, "rails", reason, bucket, null, safe, "GET", "/", null, false, List.of(), null, false);
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
