package dev.banyan.dataplane.exchange;

import dev.banyan.contract.ExchangeRecord.AttemptRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.ExchangeRecord.Phases;
import dev.banyan.routing.decide.Decision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far an exchange has come, and by which way: told by the stages it passes, and in the end a part of its record. */
public final class Course {
    private final long startNanos = System.nanoTime();
    private long revision;
    private @Nullable Decision first;
    private @Nullable Decision last;
    private String fallback = "";
    private List<AttemptRecord> attempts = List.of();
    private long dispatched = Phases.NEVER;
    private long sent = Phases.NEVER;
    private long answered = Phases.NEVER;
    private boolean upstreamMayBeAtWork;

    Course() {}

    /** When the head of the request was read, as {@link System#nanoTime()}. */
    public long startNanos() {
        return startNanos;
    }

    /** Nanoseconds since the head of the request was read. */
    public long age() {
        return System.nanoTime() - startNanos;
    }

    /** The one revision that this exchange sees; what another decided of it before does not hold. */
    public void sees(long number) {
        revision = number;
        first = null;
        last = null;
    }

    public void decided(Decision decision) {
        first = decision;
        last = decision;
    }

    /** As what it was sent last, to legacy after a fallback; null if it was answered before it was decided. */
    public @Nullable Decision decision() {
        return last;
    }

    /**
     * From here on it waits for its upstream, in a queue or for an answer.
     *
     * @return nanoseconds since the head of the request was read
     */
    public long dispatched() {
        dispatched = age();
        return dispatched;
    }

    /** An attempt begins: from now on an upstream may be working on it. */
    public void sending() {
        if (sent == Phases.NEVER) {
            sent = age();
        }
        upstreamMayBeAtWork = true;
    }

    /** Whether anything of it has left for an upstream. */
    public boolean sent() {
        return sent != Phases.NEVER;
    }

    /** Its upstream is done with it: it answered to the end, or closed the connection. Our closing it says nothing. */
    public void upstreamDone() {
        upstreamMayBeAtWork = false;
    }

    public boolean upstreamMayBeAtWork() {
        return upstreamMayBeAtWork;
    }

    /** One request to an upstream is over, or could not be made. */
    public void attempted(AttemptRecord attempt) {
        if (attempts.isEmpty()) {
            attempts = List.of(attempt);
        } else {
            List<AttemptRecord> all = new ArrayList<>(attempts);
            all.add(attempt);
            attempts = all;
        }
    }

    /** Modern failed, and legacy is asked instead. */
    public void fellBack(Decision toLegacy, String reason) {
        last = toLegacy;
        fallback = reason;
    }

    /** How modern failed, where legacy was asked instead; empty: it did not. */
    public String fallbackReason() {
        return fallback;
    }

    void answered() {
        answered = age();
    }

    // What is recorded of it.

    long revision() {
        return revision;
    }

    List<AttemptRecord> attempts() {
        return attempts;
    }

    Phases phases() {
        return new Phases(dispatched, sent, answered, age());
    }

    @Nullable
    Destination destination() {
        Decision toGo = first;
        Decision went = last;
        if (toGo == null || went == null) {
            return null;
        }
        return new Destination(
                toGo.routeId(),
                toGo.side(),
                toGo.upstream(),
                toGo.reason(),
                toGo.bucket(),
                KeyHash.of(toGo.stickyKey()),
                toGo.safe(),
                went.side(),
                fallback);
    }
}
