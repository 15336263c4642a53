package dev.banyan.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.WriteGates;
import dev.banyan.routing.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteGateTest {
    private static final int MOVES = 3_000;

    private final RouteGates gates = new RouteGates();
    private final WriteGate gate = gates.of("t");

    @Test
    void it_counts_each_side_for_itself() {
        assertThat(gate.enter(Side.LEGACY)).isTrue();
        assertThat(gate.enter(Side.MODERN)).isTrue();
        assertThat(gate.enter(Side.MODERN)).isTrue();

        assertThat(gates.state("t")).isEqualTo(new WriteGates.State(true, 1, 2, 0));
        gate.leave(Side.MODERN);
        assertThat(gates.state("t")).isEqualTo(new WriteGates.State(true, 1, 1, 0));
    }

    @Test
    void closed_it_lets_nobody_in_and_everybody_out() {
        gate.enter(Side.LEGACY);

        gates.close("t");

        assertThat(gate.enter(Side.LEGACY)).isFalse();
        assertThat(gate.enter(Side.MODERN)).isFalse();
        assertThat(gates.state("t")).isEqualTo(new WriteGates.State(false, 1, 0, 2));
        gate.leave(Side.LEGACY);
        assertThat(gates.state("t").underWay()).isZero();
        gates.open("t");
        assertThat(gate.enter(Side.LEGACY)).isTrue();
    }

    @Test
    void who_is_refused_is_told_to_come_back_after_as_long_as_it_has_been_closed() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        WriteGate own = new WriteGate(nanos::get);
        own.close();
        assertThat(own.untilOpen()).isEqualTo(Duration.ofSeconds(1));

        nanos.addAndGet(Duration.ofSeconds(7).toNanos());
        own.close();
        assertThat(own.untilOpen()).isEqualTo(Duration.ofSeconds(7));

        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(own.untilOpen()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void closing_and_opening_twice_is_as_once() {
        gates.close("t");
        gates.close("t");
        gates.open("t");
        gates.open("t");

        assertThat(gates.state("t")).isEqualTo(WriteGates.State.UNUSED);
    }

    @Test
    void what_modern_was_sent_is_counted_until_it_is_counted_anew() {
        gate.countAtModern("user:1");
        gate.countAtModern("user:1");
        gate.countAtModern(null);

        WriteGates.Written written = gates.writtenToModern("t");
        gates.countAnew("t");

        assertThat(written.writes()).isEqualTo(3);
        assertThat(written.ofNobody()).isEqualTo(1);
        assertThat(written.users().estimate()).isEqualTo(1);
        assertThat(gates.writtenToModern("t")).isEqualTo(WriteGates.Written.NOTHING);
    }

    /**
     * Four loops that decide by the owner, pass the gate and look again, against one who moves the owner as fast as it can: nobody is
     * ever at one side while somebody is at the other.
     */
    @Test
    void whoever_passes_is_at_the_owner_and_nobody_is_left_at_the_other() throws Exception {
        Moving moving = new Moving(gate);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> loops = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                loops.add(threads.submit(moving));
            }
            for (int move = 0; move < MOVES; move++) {
                gates.close("t");
                while (gates.state("t").underWay() > 0) {
                    Thread.onSpinWait();
                }
                assertThat(moving.atSide[0].get() + moving.atSide[1].get()).isZero();
                moving.owner = moving.owner.other();
                gates.open("t");
            }
            moving.over = true;

            long passed = 0;
            for (Future<Long> loop : loops) {
                passed += loop.get();
            }
            assertThat(moving.wrong.get()).isZero();
            assertThat(passed).isPositive();
            assertThat(gates.state("t").underWay()).isZero();
        } finally {
            moving.over = true;
            threads.shutdownNow();
        }
    }

    private static final class Moving implements Callable<Long> {
        final WriteGate gate;
        final AtomicInteger[] atSide = {new AtomicInteger(), new AtomicInteger()};
        final AtomicLong wrong = new AtomicLong();
        volatile Side owner = Side.LEGACY;
        volatile boolean over;

        Moving(WriteGate gate) {
            this.gate = gate;
        }

        @Override
        public Long call() {
            long passed = 0;
            // At least one passes at the end, when nobody moves anything any more.
            for (boolean last = false; !last; ) {
                last = over && gate.state().open();
                Side decided = owner;
                if (!gate.enter(decided)) {
                    continue;
                }
                if (decided == owner) {
                    write(decided);
                    passed++;
                }
                gate.leave(decided);
            }
            return passed;
        }

        private void write(Side side) {
            AtomicInteger here = atSide[side == Side.LEGACY ? 0 : 1];
            AtomicInteger there = atSide[side == Side.LEGACY ? 1 : 0];
            here.incrementAndGet();
            if (there.get() > 0 || owner != side) {
                wrong.incrementAndGet();
            }
            here.decrementAndGet();
        }
    }
}
