package dev.banyan.controlplane.plan;

import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Side;

/** Where a request goes. */
public record Target(Side side, String upstream) {

    static Target of(RouteInForce route, Side side) {
        return new Target(
                side,
                route.route().upstream(side).orElseThrow(() -> new IllegalStateException(route.id() + ": no " + side)));
    }

    @Override
    public String toString() {
        return side.word() + " (" + upstream + ")";
    }
}
