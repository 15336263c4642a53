package dev.banyan.services.kit.demo;

import dev.banyan.services.kit.answers.JsonAnswer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;

/**
 * What is for the demo answers only who asks from this machine and by no way but the direct one. For everybody else the path does not
 * exist: not through a proxy, not from a page in a browser, not under a name that somebody made to point here (DNS rebinding).
 */
final class LoopbackOnly {
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final Set<String> OF_PROXIES =
            Set.of("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip");

    private LoopbackOnly() {}

    /** Goes on with the request, or says that there is no such path. */
    static void check(RoutingContext context) {
        if (isDirect(context.request())) {
            context.next();
        } else {
            JsonAnswer.sendError(context, 404);
        }
    }

    private static boolean isDirect(HttpServerRequest request) {
        String host = request.getHeader("Host");
        return host != null
                && HOSTS.contains(host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT))
                && request.headers().names().stream().noneMatch(LoopbackOnly::saysThatItCameByAnother);
    }

    private static boolean saysThatItCameByAnother(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return name.equals("origin") || OF_PROXIES.contains(name) || name.startsWith("x-banyan-");
    }
}
