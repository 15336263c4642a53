package dev.banyan.dataplane.observe;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import io.micrometer.core.instrument.Counter;
import java.util.Optional;

/** Records each exchange once, when it has ended: meters and access log. Never fails and never waits. */
public final class Observer implements Exchange.EndListener {
    private final Optional<AccessLog> accessLog;
    private final LastHour lastHour;
    private final Counter refused;

    /** @param refused counts requests that were answered before they were decided */
    public Observer(Optional<AccessLog> accessLog, LastHour lastHour, Counter refused) {
        this.accessLog = accessLog;
        this.lastHour = lastHour;
        this.refused = refused;
    }

    /** An exchange that was answered before it was decided. */
    @Override
    public void ended(Exchange exchange) {
        refused.increment();
        log(exchange);
    }

    public void forwarded(Exchange exchange, Decision decision, RouteMeters meters) {
        meters.decided(decision);
        lastHour.count(exchange.loop(), meters.slot(), decision);
        // Who answered; after a fallback that is not who was to.
        Decision answering = exchange.decision();
        Side side = answering == null ? decision.side() : answering.side();
        meters.ended(side, exchange.status(), exchange.callStatus(), exchange.answerNanos());
        log(exchange);
    }

    /** An exchange that was decided and answered 503 before it could be sent; the gate has counted it. */
    public void held(Exchange exchange) {
        log(exchange);
    }

    private void log(Exchange exchange) {
        if (accessLog.isPresent()) {
            accessLog.get().record(exchange);
        }
    }
}
