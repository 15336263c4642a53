package dev.banyan.controlplane.parity;

import dev.banyan.contract.ReadBack;
import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.contract.ShadowReader;
import dev.banyan.contract.SkippedCheck;
import dev.banyan.controlplane.parity.compare.Comparer;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * READ FIRST: what is known of whether modern's answers are right. What event loops have seen goes to a {@link ComparingThread}; it is
 * compared by the rules of its route's file and counted in {@link Ledgers}, or looked at again before by {@link Looks}. Kept in memory,
 * since the process began.
 */
public final class Parity implements ShadowReader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

    private final Ledgers ledgers;
    private final ComparingThread thread;
    private final Looks looks;

    private Parity(MeterRegistry registry) {
        ledgers = new Ledgers(registry);
        thread = new ComparingThread(ledgers::keepIfDue, ledgers::keep);
        looks = new Looks(ledgers, thread);
    }

    /** Compares until it is closed. */
    public static Parity start(MeterRegistry registry) {
        Parity parity = new Parity(registry);
        parity.thread.start();
        return parity;
    }

    /** Follows the table, by the one publisher: what a route's file says now is what its answers are compared by. */
    public void inForce(RoutingTable table) {
        ledgers.inForce(table);
    }

    /**
     * Takes up what was learnt of noise before, and keeps from now on what is.
     *
     * @param keeper written to by one process at a time
     */
    public void remember(NoiseStore keeper) {
        ledgers.remember(keeper);
    }

    @Override
    public boolean read(ShadowPair pair) {
        return thread.offer(pair.route(), pair.requestId(), pair.legacy(), pair.modern(), () -> compare(pair));
    }

    @Override
    public boolean read(RepeatedAnswer repeated) {
        return thread.offer(
                repeated.route(),
                repeated.requestId(),
                repeated.first(),
                repeated.second(),
                () -> ledgers.learn(repeated));
    }

    @Override
    public boolean read(ReadBack written) {
        ShadowPair pair = written.pair();
        return thread.offer(
                pair.route(),
                pair.requestId(),
                pair.legacy(),
                pair.modern(),
                () -> looks.readBack(pair, written.deleted()));
    }

    @Override
    public void read(SkippedCheck skipped) {
        SeenAnswer none = SeenAnswer.none("");
        if (!thread.offer(skipped.route(), skipped.requestId(), none, none, () -> ledgers.skipped(skipped))) {
            LOG.error("a skipped check was found and could not be counted: {}", skipped);
        }
    }

    @Override
    public boolean resembles(String route, SeenAnswer one, SeenAnswer other, Consumer<Boolean> told) {
        return thread.offer(
                route,
                "",
                one,
                other,
                () -> told.accept(ledgers.rules(route)
                        .map(rules -> Comparer.resemble(one, other, rules))
                        .orElse(true)));
    }

    @Override
    public long repeatsKnown(String route) {
        return ledgers.repeatsKnown(route);
    }

    private void compare(ShadowPair pair) {
        Ledgers.@Nullable Open open = ledgers.open(pair);
        if (open == null) {
            return;
        }
        SeenAnswer copied = pair.answered() == Side.LEGACY ? pair.modern() : pair.legacy();
        if (copied.status() == 0) {
            ledgers.failed(pair, open);
            return;
        }
        Comparison comparison = ledgers.compared(pair, open);
        if (open.route().settles()
                && comparison instanceof Comparison.Different different
                && open.isDoubtful(pair, different)) {
            looks.lookAgain(pair, different, open);
        } else {
            ledgers.count(pair, comparison, open);
        }
    }

    /**
     * What is known of a route.
     *
     * @param since only answers of this revision and later ones, of whatever version modern was; empty: since the route is what it is, and
     *     modern is of its present version
     * @param now for what is known until a day
     * @param window only answers of so long, in steps of ten minutes while they are fresh, of an hour or a day later; empty: of seven days
     * @return empty if there is no such route
     */
    public Optional<RouteParity> of(String id, OptionalLong since, Instant now, Optional<Duration> window) {
        return ledgers.of(id, since, now, window);
    }

    /** Waits until what was learnt is kept. */
    @Override
    public void close() {
        thread.close();
    }
}
