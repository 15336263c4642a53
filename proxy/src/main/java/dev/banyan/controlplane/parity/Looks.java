package dev.banyan.controlplane.parity;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.parity.compare.Comparer;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.routing.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What differs and is looked at again before it counts: pairs on routes that say {@code settle}, and writes that are read back. */
final class Looks {
    private static final Set<Integer> GONE = Set.of(404, 410);
    private static final int MOST_LOOKS = 3;

    /** Of legacy's answers that are held against its next. */
    private static final long MOST_BYTES_LOOKED_AT = 16L << 20;

    private final Ledgers ledgers;
    private final ComparingThread thread;
    private final AtomicLong bytesLookedAt = new AtomicLong();

    Looks(Ledgers ledgers, ComparingThread thread) {
        this.ledgers = ledgers;
        this.thread = thread;
    }

    private boolean offer(ShadowPair pair, Runnable compare) {
        return thread.offer(pair.route(), pair.requestId(), pair.legacy(), pair.modern(), compare);
    }

    /** After a while; until then the pair is not counted at all. */
    void lookAgain(ShadowPair pair, Comparison.Different first, Ledgers.Open open) {
        ShadowPair read = pair.read();
        boolean looks = pair.secondLook().take(open.route().route().shadow().settle(), second -> {
            if (!offer(second, () -> settled(read, first, second))) {
                ledgers.unsettled(read, first, open);
            }
        });
        if (!looks) {
            ledgers.unsettled(pair, first, open);
        }
    }

    private void settled(ShadowPair pair, Comparison.Different first, ShadowPair second) {
        Ledgers.@Nullable Open open = ledgers.open(second);
        if (open == null) {
            return;
        }
        boolean both = second.legacy().status() != 0 && second.modern().status() != 0;
        Comparison comparison = both ? ledgers.compared(second, open) : new Comparison.NotCompared("unsettled");
        if (comparison instanceof Comparison.Matched) {
            ledgers.late(pair, first, open);
        } else if (comparison instanceof Comparison.NotCompared) {
            ledgers.unsettled(pair, first, open);
        } else {
            ledgers.count(second, comparison, open);
        }
    }

    /**
     * What a write looked like so far.
     *
     * @param first what differed when it was looked for the first time
     * @param always the fields that differed each time, and in which legacy stayed as it was
     * @param legacy what legacy said the last time
     */
    private record Looked(Comparison.Different first, Set<FieldKey> always, SeenAnswer legacy) {}

    /**
     * What was written is looked for up to three times: what one side shows sooner than the other is late, and what modern never shows,
     * while legacy goes on showing the same, is lost.
     *
     * @param deleted it is as it should be that both say it is gone
     */
    void readBack(ShadowPair pair, boolean deleted) {
        readBack(pair, deleted, Optional.empty(), 1);
    }

    /** @param look from 1 on */
    private void readBack(ShadowPair pair, boolean deleted, Optional<Looked> before, int look) {
        Ledgers.@Nullable Open open = ledgers.open(pair);
        Optional<Duration> settle = open == null
                ? Optional.empty()
                : open.route().route().shadow().readback().map(Route.Shadow.ReadBack::settle);
        if (open == null || settle.isEmpty()) {
            return;
        }
        Comparison comparison =
                deleted && isGoneFromBoth(pair) ? new Comparison.Matched() : ledgers.compared(pair, open);
        if (comparison instanceof Comparison.Matched && before.isPresent()) {
            ledgers.late(pair, before.get().first(), open);
        } else if (comparison instanceof Comparison.Different different && open.isDoubtful(pair, different)) {
            Looked looked = looked(pair, different, before, open);
            if (look < MOST_LOOKS) {
                // After settle for the first time, then after four and sixteen times as long since the write.
                Duration wait = settle.get().multipliedBy(look == 1 ? 4 - 1 : 16 - 4);
                lookLater(pair, wait, looked, open, next -> readBack(next, deleted, Optional.of(looked), look + 1));
            } else if (looked.always().isEmpty()) {
                ledgers.unsettled(pair, different, open);
            } else {
                ledgers.count(pair, lost(pair, different, looked.always()), open);
            }
        } else {
            ledgers.count(pair, comparison, open);
        }
    }

    private static Looked looked(
            ShadowPair pair, Comparison.Different different, Optional<Looked> before, Ledgers.Open open) {
        Set<FieldKey> always = new HashSet<>(open.ledger().thatLegacyKeeps(FieldKey.all(pair.match(), different)));
        // How a value looks is no loss of its own.
        always.removeIf(key -> key.kind() == Difference.Kind.SHAPE);
        before.ifPresent(earlier -> {
            always.retainAll(earlier.always());
            if (Comparer.compare(earlier.legacy(), pair.legacy(), open.route().rulesAt(pair.second()))
                    instanceof Comparison.Different moved) {
                moved.differences()
                        .forEach(each -> always.removeIf(key -> key.field().equals(each.field())));
            }
        });
        return new Looked(before.map(Looked::first).orElse(different), always, pair.legacy());
    }

    private void lookLater(
            ShadowPair pair, Duration wait, Looked looked, Ledgers.Open open, Consumer<ShadowPair> then) {
        ShadowPair read = pair.read();
        long bytes = looked.legacy().body().length;
        boolean looks = bytesLookedAt.addAndGet(bytes) <= MOST_BYTES_LOOKED_AT
                && pair.secondLook().take(wait, next -> {
                    bytesLookedAt.addAndGet(-bytes);
                    if (!offer(next, () -> then.accept(next))) {
                        ledgers.unsettled(read, looked.first(), open);
                    }
                });
        if (!looks) {
            bytesLookedAt.addAndGet(-bytes);
            ledgers.unsettled(pair, looked.first(), open);
        }
    }

    private static boolean isGoneFromBoth(ShadowPair pair) {
        return GONE.contains(pair.legacy().status())
                && GONE.contains(pair.modern().status());
    }

    private static Comparison.Different lost(ShadowPair pair, Comparison.Different different, Set<FieldKey> always) {
        return new Comparison.Different(
                different.differences().stream()
                        .filter(each -> always.contains(FieldKey.of(pair.match(), each)))
                        .map(each -> new Difference(each.field(), Difference.Kind.LOST, each.legacy(), each.modern()))
                        .toList(),
                different.more());
    }
}
