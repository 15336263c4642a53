package dev.banyan.routing.decide;

import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, why, and as what it is sent.
 *
 * @param route null: none matched, it goes to the default
 * @param upstream id of the upstream
 * @param bucket 0..9999; -1 if the decision did not get as far as the canary
 * @param stickyKey {@code source:value} as pilots are written; null if none was needed. Never logged: it may be a secret
 * @param safe by the wire method and by the effective one
 * @param sentMethod the effective method to modern, the wire method to legacy
 * @param sentPath percent-encoded, without query; as it came for the default, unless it has dot segments
 * @param acceptFromSuffix the media type that a format suffix asked modern for; null: leave Accept alone
 * @param dropMethodOverride leave X-HTTP-Method-Override out: the sent method says it already
 * @param setCookies whole Set-Cookie values for the answer, unless shared caches may keep it
 * @param fenceCookie whole Set-Cookie value for the answer once an unsafe request was sent, whatever came of it; null: none
 * @param split users of this route get answers of both sides, so no shared cache may keep one
 */
public record Decision(
        @Nullable RouteInForce route,
        Side side,
        String upstream,
        Reason reason,
        int bucket,
        @Nullable String stickyKey,
        boolean safe,
        String sentMethod,
        String sentPath,
        @Nullable String acceptFromSuffix,
        boolean dropMethodOverride,
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
                Side.LEGACY,
                toLegacy.upstream(),
                Reason.FALLBACK,
                bucket,
                stickyKey,
                safe,
                toLegacy.method(),
                toLegacy.path(),
                toLegacy.acceptFromSuffix(),
                toLegacy.dropMethodOverride(),
                setCookies,
                fence,
                split);
    }

    public String routeId() {
        return route == null ? RoutingTable.DEFAULT_ROUTE : route.id();
    }
}
