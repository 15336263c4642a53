package dev.banyan.routing.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;

/** Routers over test tables, with known keys and repeatable ids. */
final class RouterFixture {
    static final long NOW = 1_767_225_600L;

    private final SigningKeys keys =
            new SigningKeys("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));
    private final Random random = new Random(7);

    SigningKeys keys() {
        return keys;
    }

    ForcedSide forcedSide() {
        return new ForcedSide(keys);
    }

    Router router(Tables tables) {
        return new Router(tables.table(), keys, random);
    }

    Decision decide(Router router, RequestLine request) {
        return decide(router, request, NOW);
    }

    Decision decide(Router router, RequestLine request, long now) {
        Routed routed = router.route(request, now);
        assertThat(routed).isInstanceOf(Routed.To.class);
        return ((Routed.To) routed).decision();
    }

    Routed routed(Router router, RequestLine request) {
        return router.route(request, NOW);
    }

    Routed.Refused refused(Router router, RequestLine request) {
        Routed routed = router.route(request, NOW);
        assertThat(routed).isInstanceOf(Routed.Refused.class);
        return (Routed.Refused) routed;
    }

    /** The request of a client whose last write on route {@code r} went to that side. */
    RequestLine fenced(RequestLine request, Router router, Side side) {
        String setCookie = Objects.requireNonNull(router.fenceCookie("r", side, request, NOW));
        return request.withHeader("Cookie: " + pair(setCookie));
    }

    /** What a browser sends back. */
    static String pair(String setCookie) {
        return setCookie.substring(0, setCookie.indexOf(';'));
    }
}
