package dev.banyan.dataplane;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.match.FormMethodReader;
import io.netty.buffer.ByteBufUtil;

/** Looks for {@code _method} in the body that was held. */
final class HeldForm {
    private HeldForm() {}

    static FormMethod method(Exchange exchange) {
        if (!exchange.body().held()) {
            return new FormMethod.TooLarge();
        }
        byte[] bytes = ByteBufUtil.getBytes(exchange.body().heldBytes());
        return FormMethodReader.read(bytes, exchange.view().header("content-type"));
    }
}
