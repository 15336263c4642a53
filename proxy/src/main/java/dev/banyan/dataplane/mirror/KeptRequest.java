package dev.banyan.dataplane.mirror;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Origin;
import dev.banyan.dataplane.forward.RequestFields;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Sent;
import java.time.Duration;
import java.util.Objects;

/**
 * What is kept of a client's request, so that it can be made once more when its exchange is over. It may hold somebody's credentials, so
 * it is used for {@link #LONGEST} after that, and for no longer.
 */
final class KeptRequest {
    static final Duration LONGEST = Duration.ofSeconds(30);
    static final FieldLine MARK = FieldLine.of("X-Banyan-Shadow", "1");

    private final Head head;
    private final Origin origin;
    private final Loop loop;
    private final String requestId;
    private final Decision decision;
    private final InForce inForce;
    private volatile long endedNanos = System.nanoTime();

    private KeptRequest(Exchange exchange, Decision decision, InForce inForce) {
        this.head = exchange.head().copy();
        this.origin = exchange.origin();
        this.loop = exchange.loop();
        this.requestId = exchange.requestId();
        this.decision = decision;
        this.inForce = inForce;
    }

    /** @param inForce what it was decided by */
    static KeptRequest of(Exchange exchange, Decision decision, InForce inForce) {
        return new KeptRequest(exchange, decision, inForce);
    }

    /** Its exchange is over: from here on time counts. */
    void ended() {
        endedNanos = System.nanoTime();
    }

    Head head() {
        return head;
    }

    Loop loop() {
        return loop;
    }

    String requestId() {
        return requestId;
    }

    Decision decision() {
        return decision;
    }

    InForce inForce() {
        return inForce;
    }

    String match() {
        return String.valueOf(decision.match());
    }

    boolean isHttps() {
        return origin.https();
    }

    Origin origin() {
        return origin;
    }

    /** Tells targets apart. */
    long targetHash() {
        return Objects.hash(head.path(), head.query());
    }

    /** For how long it may still be used; not negative. */
    Duration left() {
        Duration left = LONGEST.minusNanos(System.nanoTime() - endedNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The same bounds, cut to what is left. */
    Bounds within(Bounds bounds) {
        Duration left = left();
        return left.compareTo(bounds.time()) < 0 ? new Bounds(bounds.maxBytes(), left) : bounds;
    }

    /** As a side gets it, once more. */
    OutgoingHead again(Sent sent, String authority, int bodyLength) {
        OutgoingHead out = RequestFields.again(head, sent, origin, requestId, authority, MARK);
        if (head.framing() != Framing.NONE) {
            out.framed(Framing.LENGTH, bodyLength);
        }
        return out;
    }
}
