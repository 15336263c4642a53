package dev.banyan.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Upstream;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a permit, and who is told how soon that it gets none, by a clock that only the test moves. */
class PermitsTest {
    private static final Upstream.Limits ONE = new Upstream.Limits(1, 100, Duration.ofSeconds(1));

    private final MockTicker clock = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(clock).build();

    @AfterEach
    void stop() {
        channel.close();
    }

    private Permits permits(Upstream.Limits limits) {
        return new Permits(limits, clock::nanoTime);
    }

    private final class Applicant implements Permits.Applicant {
        private final long sinceNanos = clock.nanoTime();
        private long waitedNanos = -1;
        private boolean admitted;
        private Permits.@Nullable NoPermit refusal;
        private Permits.@Nullable Ticket ticket;

        @Override
        public void queued(Permits.Ticket place) {
            ticket = place;
        }

        @Override
        public void admitted() {
            settled();
            admitted = true;
        }

        @Override
        public void refused(Permits.NoPermit why) {
            settled();
            refusal = why;
        }

        private void settled() {
            assertThat(waitedNanos).as("told once").isEqualTo(-1);
            waitedNanos = clock.nanoTime() - sinceNanos;
        }

        long waitedMillis() {
            return TimeUnit.NANOSECONDS.toMillis(waitedNanos);
        }
    }

    private Applicant apply(Permits permits) {
        Applicant applicant = new Applicant();
        permits.acquire(channel.eventLoop(), applicant);
        return applicant;
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i++) {
            clock.advanceMillis(1);
            channel.runPendingTasks();
        }
    }

    private void release(Permits permits) {
        permits.release();
        channel.runPendingTasks();
    }

    @Test
    void a_freed_permit_goes_to_who_waits_longest() {
        Permits permits = permits(ONE);
        apply(permits);
        Applicant second = apply(permits);
        Applicant third = apply(permits);

        release(permits);

        assertThat(second.admitted).isTrue();
        assertThat(third.admitted).isFalse();
        assertThat(permits.waiting()).isEqualTo(1);
    }

    @Test
    void who_is_refused_is_told_when_the_queue_will_have_moved() {
        Permits permits = permits(new Upstream.Limits(1, 6, Duration.ofSeconds(60)));
        apply(permits);
        for (int i = 0; i < 6; i++) {
            apply(permits);
        }
        pass(500);
        release(permits);
        pass(500);
        release(permits);
        assertThat(permits.waiting()).isEqualTo(4);

        // One each half second, and four before.
        assertThat(permits.untilTurn()).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void that_is_never_at_once_and_never_later_than_in_half_a_minute() {
        Permits permits = permits(new Upstream.Limits(1, 1, Duration.ofSeconds(60)));
        apply(permits);

        assertThat(permits.untilTurn()).isEqualTo(Duration.ofSeconds(1));
        apply(permits);
        assertThat(permits.untilTurn()).isEqualTo(Duration.ofSeconds(1));
        pass(10_000);
        assertThat(permits.untilTurn())
                .as("nobody has had a turn for ten seconds")
                .isEqualTo(Duration.ofSeconds(20));
        pass(40_000);
        assertThat(permits.untilTurn()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_burst_may_wait_for_the_whole_time_out() {
        Permits permits = permits(ONE);
        apply(permits);
        Applicant lucky = apply(permits);
        Applicant last = apply(permits);

        pass(990);
        release(permits);
        pass(20);

        assertThat(lucky.admitted).isTrue();
        assertThat(lucky.waitedMillis()).isEqualTo(990);
        assertThat(last.refusal).isEqualTo(Permits.NoPermit.QUEUE_TIMEOUT);
        assertThat(last.waitedMillis()).isBetween(1000L, 1001L);
    }

    @Test
    void one_more_than_the_queue_takes_is_refused_at_once() {
        Permits permits = permits(new Upstream.Limits(1, 1, Duration.ofSeconds(1)));
        apply(permits);
        apply(permits);

        assertThat(apply(permits).refusal).isEqualTo(Permits.NoPermit.QUEUE_FULL);
        assertThat(permits.waiting()).isEqualTo(1);
    }

    @Test
    void who_gives_up_is_passed_over() {
        Permits permits = permits(ONE);
        apply(permits);
        Applicant gone = apply(permits);
        Applicant next = apply(permits);

        Objects.requireNonNull(gone.ticket).giveUp();
        release(permits);

        assertThat(gone.waitedNanos).isEqualTo(-1);
        assertThat(next.admitted).isTrue();
    }

    @Test
    void where_a_queue_has_stood_for_the_time_out_nobody_waits_for_more_than_a_tenth_of_it() {
        Permits permits = permits(ONE);
        apply(permits);
        for (int i = 0; i < 20; i++) {
            apply(permits);
            pass(60);
        }
        assertThat(permits.waiting()).isPositive();

        Applicant late = apply(permits);
        pass(200);

        assertThat(late.refusal).isEqualTo(Permits.NoPermit.QUEUE_TIMEOUT);
        assertThat(late.waitedMillis()).isBetween(100L, 101L);
    }

    @Test
    void who_has_waited_too_long_when_a_queue_begins_to_stand_is_refused_and_the_permit_goes_to_a_fresh_one() {
        Permits permits = permits(ONE);
        apply(permits);
        apply(permits);
        pass(990);
        Applicant stale = apply(permits);
        pass(130);
        assertThat(stale.waitedNanos).isEqualTo(-1);
        Applicant fresh = apply(permits);

        release(permits);

        assertThat(stale.refusal).isEqualTo(Permits.NoPermit.QUEUE_TIMEOUT);
        assertThat(fresh.admitted).isTrue();
    }

    @Test
    void after_an_empty_queue_a_burst_may_wait_again() {
        Permits permits = permits(ONE);
        apply(permits);
        for (int i = 0; i < 20; i++) {
            apply(permits);
            pass(60);
        }
        pass(1100);
        assertThat(permits.waiting()).isZero();

        Applicant patient = apply(permits);
        pass(900);
        release(permits);

        assertThat(patient.admitted).isTrue();
    }

    @Test
    void more_permits_are_given_at_once_to_who_waits() {
        Permits permits = permits(ONE);
        apply(permits);
        Applicant second = apply(permits);

        permits.limits(new Upstream.Limits(2, 100, Duration.ofSeconds(1)));
        channel.runPendingTasks();

        assertThat(second.admitted).isTrue();
        assertThat(permits.inUse()).isEqualTo(2);
    }

    /** A minute of an upstream that takes {@code concurrent} at once and {@code serviceMillis} each. */
    private Minute minute(int concurrent, int serviceMillis, double timesCapacity) {
        Permits permits = permits(new Upstream.Limits(concurrent, 1024, Duration.ofSeconds(1)));
        double perMilli = (double) concurrent / serviceMillis * timesCapacity;
        Deque<Long> endMillis = new ArrayDeque<>();
        List<Applicant> all = new ArrayList<>();
        List<Applicant> open = new ArrayList<>();
        double owed = 0;
        for (long now = 0; now < 60_000; now++) {
            while (!endMillis.isEmpty() && endMillis.peek() <= now) {
                endMillis.remove();
                release(permits);
            }
            for (owed += perMilli; owed >= 1; owed--) {
                Applicant one = apply(permits);
                all.add(one);
                open.add(one);
            }
            for (Applicant one : open) {
                if (one.admitted) {
                    endMillis.add(now + serviceMillis);
                }
            }
            open.removeIf(one -> one.waitedNanos >= 0);
            pass(1);
        }
        List<Long> waits = all.stream()
                .filter(one -> one.admitted)
                .map(Applicant::waitedMillis)
                .skip(all.size() / 20)
                .sorted()
                .toList();
        return new Minute(
                all.size(), (int) all.stream().filter(one -> one.admitted).count(), waits);
    }

    private record Minute(int offered, int served, List<Long> waitsMillis) {
        long p99Millis() {
            return waitsMillis.get(waitsMillis.size() * 99 / 100);
        }
    }

    @Test
    void at_any_load_the_upstream_does_what_it_can_and_the_served_have_not_waited_long() {
        int[][] upstreams = {{1, 50}, {5, 100}, {20, 200}, {1, 500}};
        for (int[] upstream : upstreams) {
            int capacity = upstream[0] * 60_000 / upstream[1];
            for (double load : new double[] {1.2, 2, 4}) {
                Minute minute = minute(upstream[0], upstream[1], load);
                String what = "%d at once, %d ms each, %.1f times that: %d of %d served, p99 %d ms"
                        .formatted(
                                upstream[0], upstream[1], load, minute.served(), minute.offered(), minute.p99Millis());

                assertThat(minute.served()).as(what).isGreaterThan(capacity * 9 / 10);
                // Where a permit comes free more rarely than that, a queue is empty before it stands.
                assertThat(minute.p99Millis())
                        .as(what)
                        .isLessThanOrEqualTo(upstream[1] / upstream[0] > 100 ? 1000 : 100);
            }
        }
    }
}
