package dev.banyan.routing.decide;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, why, and as what it is sent.
 *
 * @param route null: none matched, it goes to the default
 * @param match which of the route's; null with the default
 * @param bucket 0..9999; -1 if the decision did not get as far as the canary
 * @param stickyKey {@code source:value} as pilots are written; null if none was needed. Never logged: it may be a secret
 * @param safe by the wire method and by the effective one
 * @param sent as what its side gets it; a path as it came for the default, unless it has dot segments
 * @param setCookies whole Set-Cookie values for the answer, unless shared caches may keep it
 * @param fenceCookie whole Set-Cookie value for the answer once an unsafe request was sent, whatever came of it; null: none
 * @param split users of this route get answers of both sides, so no shared cache may keep one
 */
public record Decision(
        @Nullable RouteInForce route,
        @Nullable RequestMatch match,
        Side side,
        Reason reason,
        int bucket,
        @Nullable String stickyKey,
        boolean safe,
        Sent sent,
        List<String> setCookies,
        @Nullable String fenceCookie,
        boolean split) {

    /**
     * The same request on its way to legacy, because modern failed.
     *
     * @param toLegacy as what legacy gets it
     * @param fence whole Set-Cookie value that fences its user to legacy; null: none
     */
    public Decision fallingBack(Sent toLegacy, @Nullable String fence) {
        return new Decision(
                route,
                match,
                Side.LEGACY,
                Reason.FALLBACK,
                bucket,
                stickyKey,
                safe,
                toLegacy,
                setCookies,
                fence,
                split);
    }

    /** Id of the upstream. */
    public String upstream() {
        return sent.upstream();
    }

    public String routeId() {
        return route == null ? RoutingTable.DEFAULT_ROUTE : route.id();
    }
}
