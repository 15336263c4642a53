package dev.banyan.dataplane;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An unsafe request behind its route's write gate. It leaves when its upstream is done with it.
 *
 * <p>Where it was us who closed the connection (the client went, or it took too long) nothing will ever tell when the upstream is
 * done. Such a request stays behind the gate as long again as its upstream is given for an answer: a guess, and all there is.
 */
record GatedWrite(WriteGate gate, Decision decision, BoundTable table) implements Exchange.EndListener {

    @Override
    public void ended(Exchange exchange, ExchangeRecord record) {
        try {
            if (exchange.course().sent() && decision.side() == Side.MODERN) {
                gate.countAtModern(table.user(decision, exchange.view()));
            }
        } finally {
            leave(exchange);
        }
    }

    private void leave(Exchange exchange) {
        if (exchange.course().upstreamMayBeAtWork()) {
            Duration unsure =
                    table.upstream(decision.upstream()).settings().timeouts().response();
            exchange.loop()
                    .eventLoop()
                    .schedule(() -> gate.leave(decision.side()), unsure.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            gate.leave(decision.side());
        }
    }
}
