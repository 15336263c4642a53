package dev.banyan.dataplane;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.LocalAnswer;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.forward.Forwarder;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.observe.AttemptMeters;
import dev.banyan.dataplane.observe.Observer;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Routed;
import java.util.function.Supplier;

/**
 * READ THIS FIRST: the way of a request, in one direction, on one page. 1. match, 2. hold, 3. decide, 4. guard, 5. identify, 6. forward,
 * 7. mirror, 8. observe. See docs/life-of-a-request.md.
 */
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
        observe(exchange);
        matchAndDecide(exchange, inForce.get());
    }

    /** A request that cannot be read goes nowhere; it is answered and observed like any other. */
    void refuse(Exchange exchange, MessageError error) {
        observe(exchange);
        exchange.course().sees(inForce.get().revision());
        exchange.requestBroken(error);
    }

    /** 8, though it is asked for first: whatever the end, it is seen. */
    private void observe(Exchange exchange) {
        exchange.whenEnded(observer);
    }

    /** 1 and 3, by one revision from start to end. */
    private void matchAndDecide(Exchange exchange, BoundTable table) {
        exchange.course().sees(table.revision());
        Routed routed = table.route(exchange.view(), exchange.loop().epochSeconds());
        if (routed instanceof Routed.To to) {
            exchange.course().decided(to.decision());
            guard(exchange, table, to.decision());
        } else if (routed instanceof Routed.NeedsForm needs) {
            hold(exchange, table, needs.maxBytes());
        } else if (routed instanceof Routed.Refused refused) {
            exchange.answer(LocalAnswer.of(refused.status(), refused.reason(), refused.detail()));
        }
    }

    /** 2: a form's {@code _method} decides, so its body must be here before. */
    private void hold(Exchange exchange, BoundTable table, long maxBytes) {
        exchange.body().hold(maxBytes, () -> {
            exchange.formMethod(HeldForm.method(exchange));
            matchAndDecide(exchange, table);
        });
    }

    /** 4: the write gate, which is closed while the owner of the route's data moves. */
    private void guard(Exchange exchange, BoundTable table, Decision decision) {
        WriteGate gate = table.writeGate(decision);
        if (gate == null) {
            send(exchange, table, decision);
        } else if (!gate.enter(decision.side())) {
            exchange.answer(LocalAnswer.unavailable("writes-moving", WRITES_MOVING, gate.untilOpen()));
        } else if (inForce.get() != table) {
            // Its table was replaced before it passed, as after a body was held: the owner may be another by now, and
            // nothing has gone anywhere yet.
            gate.leave(decision.side());
            matchAndDecide(exchange, inForce.get());
        } else {
            exchange.whenEnded(new GatedWrite(gate, decision, table));
            send(exchange, table, decision);
        }
    }

    private void send(Exchange exchange, BoundTable table, Decision decision) {
        exchange.whenEnded(table.meters(decision));
        mirror(exchange, table, decision);
        forward(exchange, table, decision);
    }

    /** 7, asked for before the request leaves, so that a copy can be whole. */
    private void mirror(Exchange exchange, BoundTable table, Decision decision) {
        Witness witness = table.witness(decision, exchange);
        if (witness != null) {
            exchange.seenBy(witness);
        }
    }

    /** 6: to its upstream, behind that one's guard, and back. */
    private void forward(Exchange exchange, BoundTable table, Decision decision) {
        Forwarder.forward(exchange, table.way(decision), table.alternative(), attempts);
    }
}
