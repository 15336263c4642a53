package dev.banyan.dataplane;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.LocalAnswer;
import dev.banyan.dataplane.forward.Forwarder;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.observe.AttemptMeters;
import dev.banyan.dataplane.observe.Observer;
import dev.banyan.dataplane.observe.RouteMeters;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Routed;
import java.util.function.Supplier;

/** READ THIS FIRST: the way of a request, one direction, one page. See docs/life-of-a-request.md. */
final class RequestPath {
    private static final String WRITES_MOVING =
            "the data behind this is moving to another service; nothing was done, send it again in a moment";

    private final Supplier<BoundTable> inForce;
    private final Observer observer;
    private final AttemptMeters attempts;

    RequestPath(Supplier<BoundTable> inForce, Observer observer, AttemptMeters attempts) {
        this.inForce = inForce;
        this.observer = observer;
        this.attempts = attempts;
    }

    /** Called on the exchange's event loop. Returns at once; the exchange ends later, exactly once. */
    void accept(Exchange exchange) {
        exchange.whenEnded(observer); //                                          7. observe, whatever the end
        decide(exchange, inForce.get()); //                                       one revision from start to end
    }

    private void decide(Exchange exchange, BoundTable table) {
        exchange.revision(table.table().revision());
        route(exchange, table);
    }

    private void route(Exchange exchange, BoundTable table) {
        Routed routed = table.route(exchange.view(), exchange.loop().epochSeconds()); // 1. match, and 3. decide
        if (routed instanceof Routed.To to) {
            passGate(exchange, table, to.decision());
        } else if (routed instanceof Routed.NeedsForm needs) {
            hold(exchange, table, needs.maxBytes());
        } else if (routed instanceof Routed.Refused refused) {
            exchange.answer(LocalAnswer.of(refused.status(), refused.reason(), refused.detail()));
        }
    }

    /** 2. hold: a form's {@code _method} decides, so its body must be here first. */
    private void hold(Exchange exchange, BoundTable table, long maxBytes) {
        exchange.body().hold(maxBytes, () -> {
            exchange.formMethod(HeldForm.method(exchange));
            route(exchange, table);
        });
    }

    /** 4. the write gate, which is closed while the owner of the route's data moves. */
    private void passGate(Exchange exchange, BoundTable table, Decision decision) {
        exchange.decided(decision);
        RouteMeters meters = table.meters(decision);
        WriteGate gate = table.writeGate(decision);
        if (gate == null) {
            exchange.whenEnded(ended -> observer.forwarded(ended, decision, meters));
            forward(exchange, table, decision);
        } else if (!gate.enter(decision.side())) {
            exchange.whenEnded(observer::held);
            exchange.answer(LocalAnswer.unavailable("writes-moving", WRITES_MOVING, gate.untilOpen()));
        } else if (inForce.get() != table) {
            // Its table was replaced before it passed, as after a body was held: the owner may be another by now, and
            // nothing has gone anywhere yet.
            gate.leave(decision.side());
            decide(exchange, inForce.get());
        } else {
            GatedWrite write = new GatedWrite(gate, decision, table);
            exchange.whenEnded(ended -> {
                write.ended(ended);
                observer.forwarded(ended, decision, meters);
            });
            forward(exchange, table, decision);
        }
    }

    private void forward(Exchange exchange, BoundTable table, Decision decision) {
        Forwarder.forward(exchange, table.way(decision), table.alternative(), attempts); // 5. guard, and 6. forward
    }

    /** A request that cannot be read goes nowhere; it is answered and observed like any other. */
    void refuse(Exchange exchange, MessageError error) {
        exchange.whenEnded(observer);
        exchange.revision(inForce.get().table().revision());
        exchange.requestBroken(error);
    }
}
