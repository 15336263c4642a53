package dev.banyan.controlplane.writes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.revisions.FreezeChange;
import dev.banyan.controlplane.revisions.MemoryStore;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.OwnerChange;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.routing.Side;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModernWritesTest {
    private final Memory memory = new Memory();
    private final MemoryStore revisions = new MemoryStore();

    /** What is kept, as a disk would have it. */
    private static final class Memory implements WrittenStore {
        private Optional<Kept> kept = Optional.empty();

        @Override
        public synchronized Optional<Kept> read() {
            return kept;
        }

        @Override
        public synchronized void write(Kept next) {
            kept = Optional.of(next);
        }
    }

    /** One run of the proxy. */
    private final class Run {
        final TestGates gates = new TestGates();
        final ModernWrites writes = ModernWrites.open(memory, gates);
        final Routes routes;

        Run() throws IOException {
            routes = Routes.of(revisions, writes, table -> {});
            writes.follow(routes.publisher);
        }

        Outcome move(Side to) {
            return Routes.await(routes.publisher.submit(
                    new OwnerChange("orders", to, true, StrandedWrites.ACCEPT), Routes.ALICE, Precondition.NONE));
        }

        Optional<TakenByModern.Taken> taken() {
            return writes.of("orders");
        }

        void stop() {
            routes.close();
            writes.close();
        }

        void isKilled() {
            routes.close();
        }
    }

    private static TakenByModern.Taken taken(long writes, long users, boolean exact, long sinceRevision) {
        return new TakenByModern.Taken(writes, 0, users, exact, sinceRevision, Routes.NOW);
    }

    @Test
    void nothing_is_counted_while_legacy_owns_the_data() throws IOException {
        Run run = new Run();
        run.routes.say("100%", "legacy");

        assertThat(run.taken()).isEmpty();

        run.stop();
    }

    @Test
    void it_counts_from_the_moment_that_modern_owns_the_data() throws IOException {
        Run run = new Run();
        run.routes.say("100%", "legacy");
        run.gates.wrote("orders", 99, 9);
        run.move(Side.MODERN);
        assertThat(run.taken()).contains(taken(0, 0, true, 2));

        run.gates.wrote("orders", 340, 12);

        assertThat(run.taken()).contains(taken(340, 12, true, 2));
        run.move(Side.LEGACY);
        assertThat(run.taken()).isEmpty();
        run.stop();
    }

    @Test
    void a_clean_stop_loses_nothing() throws IOException {
        Run before = new Run();
        before.routes.say("100%", "modern");
        before.gates.wrote("orders", 340, 12);
        before.stop();

        Run after = new Run();
        after.gates.wrote("orders", 10, 13);

        assertThat(after.taken()).contains(taken(350, 13, true, 1));
        after.stop();
    }

    @Test
    void after_a_kill_the_count_says_that_it_may_be_short() throws IOException {
        Run before = new Run();
        before.routes.say("100%", "modern");
        before.gates.wrote("orders", 340, 12);
        before.stop();
        Run killed = new Run();
        killed.gates.wrote("orders", 5, 2);
        killed.isKilled();

        Run after = new Run();

        assertThat(after.taken()).contains(taken(340, 12, false, 1));
        after.stop();
        Run later = new Run();
        assertThat(later.taken()).contains(taken(340, 12, false, 1));
        later.stop();
    }

    @Test
    void an_owner_that_went_and_came_back_before_a_kill_begins_anew() throws IOException {
        Run killed = new Run();
        killed.routes.say("100%", "modern");
        killed.stop();
        Run later = new Run();
        later.move(Side.LEGACY);
        later.move(Side.MODERN);
        later.isKilled();

        Run after = new Run();

        assertThat(after.taken()).contains(taken(0, 0, false, 3));
        after.stop();
    }

    @Test
    void a_refusal_tells_the_numbers() throws IOException {
        Run run = new Run();
        run.routes.say("100%", "modern");
        run.gates.wrote("orders", 1_340, 12);

        Outcome lower = run.routes.canary("50");
        Outcome back = Routes.await(run.routes.publisher.submit(
                new OwnerChange("orders", Side.LEGACY, false, StrandedWrites.REFUSE), Routes.ALICE, Precondition.NONE));
        run.routes.say("50%", "modern");

        String numbers = "strands 1,340 writes of about 12 users since revision 1 (2026-03-01T12:00:00Z)";
        assertThat(((Outcome.Refused) lower).what()).endsWith(numbers);
        assertThat(((Outcome.Refused) lower).fix())
                .contains("banyan writes move orders legacy", "--accept-stranded-writes");
        assertThat(((Outcome.Refused) back).what()).endsWith(numbers);
        assertThat(run.routes.publisher.files().heldBack())
                .singleElement()
                .satisfies(held -> assertThat(held.problems())
                        .singleElement()
                        .asString()
                        .contains(numbers, "banyan writes move orders legacy"));
        run.stop();
    }

    @Test
    void the_history_tells_what_was_stranded() throws IOException {
        Run run = new Run();
        run.routes.say("100%", "modern");
        run.gates.wrote("orders", 1, 1);

        run.move(Side.LEGACY);

        assertThat(run.routes.publisher.current().changes())
                .containsExactly(
                        "orders: owner modern -> legacy",
                        "orders: strands 1 write of about 1 user since revision 1 (2026-03-01T12:00:00Z)");
        run.stop();
    }

    @Test
    void a_freeze_with_writes_says_what_it_strands() throws IOException {
        Run run = new Run();
        run.routes.say("100%", "modern");
        run.gates.wrote("orders", 7, 2);

        Routes.await(run.routes.publisher.submit(
                new FreezeChange(Optional.of("orders"), true), Routes.ALICE, Precondition.NONE));

        assertThat(run.routes.publisher.current().changes())
                .anyMatch(change -> change.contains("strands 7 writes of about 2 users"));
        run.stop();
    }

    @Test
    void a_short_count_and_users_nobody_can_tell_apart_are_told_so() {
        assertThat(new TakenByModern.Taken(7, 3, 2, false, 4, Routes.NOW).words())
                .isEqualTo(
                        "at least 7 writes of about 2 users, 3 of them of users nobody can tell apart, since revision 4"
                                + " (2026-03-01T12:00:00Z); the proxy was killed meanwhile, and its last count may be missing");
    }
}
