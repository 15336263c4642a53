package dev.banyan.controlplane.admin.http;

import dev.banyan.controlplane.admin.tokens.Token;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * Who asks, and from where.
 *
 * @param peer the connection's own address: X-Forwarded-For never counts
 */
public record Caller(Token token, String peer) {
    private static final String KEY = Caller.class.getName();

    public void comesWith(RoutingContext exchange) {
        exchange.put(KEY, this);
    }

    public static Caller of(RoutingContext exchange) {
        Caller caller = exchange.get(KEY);
        return Objects.requireNonNull(caller, "every request that is not open passed the gate");
    }
}
