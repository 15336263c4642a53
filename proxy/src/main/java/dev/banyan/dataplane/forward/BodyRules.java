package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.RequestBody;
import dev.banyan.routing.Methods;
import dev.banyan.routing.Route;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.decide.Decision;

/** How much of a request's body is kept, and for whom. */
final class BodyRules {
    private BodyRules() {}

    /** Only what may be sent twice is kept: what may run twice, and what an upstream of HTTP/2 may say it did nothing with. */
    static long bytesToKeep(Way way) {
        boolean canSayNotTaken = way.upstream().settings().protocol() != Upstream.Protocol.HTTP1;
        return canSayNotTaken || Methods.isIdempotent(way.decision().sent().method())
                ? holdBodyBytes(way.decision())
                : 0;
    }

    /** A body that is not kept cannot be sent twice, so a request with one goes over a connection that is surely open. */
    static boolean mayBeSentTwice(Way way, RequestBody body) {
        return Methods.isIdempotent(way.decision().sent().method())
                && (!body.expected() || body.fits(holdBodyBytes(way.decision())));
    }

    private static long holdBodyBytes(Decision decision) {
        return decision.route() == null
                ? Route.DEFAULT_HOLD_BODY_BYTES
                : decision.route().route().holdBodyBytes();
    }
}
