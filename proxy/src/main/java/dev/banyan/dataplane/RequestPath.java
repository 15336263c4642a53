package dev.banyan.dataplane;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.LocalAnswer;
import dev.banyan.dataplane.forward.Forwarder;
import dev.banyan.dataplane.observe.Observer;
import dev.banyan.dataplane.observe.RouteMeters;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.dataplane.wire.MessageError;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Routed;
import java.util.function.Supplier;

/** READ THIS FIRST: the way of a request, one direction, one page. See docs/life-of-a-request.md. */
final class RequestPath {
    /** What is looked into of a form for its {@code _method}. */
    private static final long HELD_FORM_BYTES = 64 * 1024;

    private final Supplier<BoundTable> inForce;
    private final Observer observer;

    RequestPath(Supplier<BoundTable> inForce, Observer observer) {
        this.inForce = inForce;
        this.observer = observer;
    }

    /** Called on the exchange's event loop. Returns at once; the exchange ends later, exactly once. */
    void accept(Exchange exchange) {
        exchange.whenEnded(observer); //                                          6. observe, whatever the end
        BoundTable table = inForce.get(); //                                      one revision from start to end
        exchange.revision(table.table().revision());
        route(exchange, table);
    }

    private void route(Exchange exchange, BoundTable table) {
        Routed routed = table.route(exchange.view(), exchange.loop().epochSeconds()); // 1. match, and 3. decide
        if (routed instanceof Routed.To to) {
            forward(exchange, table, to.decision());
        } else if (routed instanceof Routed.NeedsForm) {
            hold(exchange, table);
        } else if (routed instanceof Routed.Refused refused) {
            exchange.answer(LocalAnswer.of(refused.status(), refused.reason(), refused.detail()));
        }
    }

    /** 2. hold: a form's {@code _method} decides, so its body must be here first. */
    private void hold(Exchange exchange, BoundTable table) {
        exchange.body().hold(HELD_FORM_BYTES, () -> {
            exchange.formMethod(HeldForm.method(exchange));
            route(exchange, table);
        });
    }

    private void forward(Exchange exchange, BoundTable table, Decision decision) {
        exchange.decided(decision);
        RouteMeters meters = table.meters(decision);
        exchange.whenEnded(ended -> observer.forwarded(ended, decision, meters));
        UpstreamHandle upstream = table.upstream(decision.upstream());
        Forwarder.forward(exchange, decision, upstream, table.debugFields(decision)); // 4. guard, and 5. forward
    }

    /** A request that cannot be read goes nowhere; it is answered and observed like any other. */
    void refuse(Exchange exchange, MessageError error) {
        exchange.whenEnded(observer);
        exchange.revision(inForce.get().table().revision());
        exchange.requestBroken(error);
    }
}
