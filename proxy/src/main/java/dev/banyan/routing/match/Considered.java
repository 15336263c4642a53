package dev.banyan.routing.match;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;

/** Is told of every match whose path and host cover the request but which is not taken, and why. */
@FunctionalInterface
public interface Considered {
    void passedOver(Route route, RequestMatch match, String why);
}
