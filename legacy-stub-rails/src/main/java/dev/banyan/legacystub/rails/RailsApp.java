package dev.banyan.legacystub.rails;

import dev.banyan.legacystub.session.Session;
import dev.banyan.legacystub.session.SessionCookie;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Rails 6.1 app in production: the middleware around the actions, from top to bottom. Knows no server.
 *
 * <p>What it does was seen on Rails 6.1.7 with puma 5.6. Not here: static files, streaming, CSRF tokens (only the
 * Origin is checked), force_ssl, host authorization.
 */
public final class RailsApp {

    private static final Set<String> METHODS = new HashSet<>(Arrays.asList(
            ("OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK"
                            + " VERSION-CONTROL REPORT CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE"
                            + " BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL SEARCH MKCALENDAR PATCH LINK UNLINK")
                    .split(" ")));
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    private final Routes routes;
    private final SessionCookie sessionCookie;
    private final LongSupplier writes;

    /**
     * An app.
     *
     * @param writes how many rows the calling thread has written so far
     */
    public RailsApp(Routes routes, SessionCookie sessionCookie, LongSupplier writes) {
        this.routes = routes;
        this.sessionCookie = sessionCookie;
        this.writes = writes;
    }

    public RailsResponse answer(RailsRequest wire) {
        long startedNanos = System.nanoTime();
        RailsRequest request = MethodOverride.apply(wire);
        RailsPath path = RailsPath.of(request.path());
        Session session = sessionCookie.sessionOf(request.header("Cookie"));

        long before = writes.getAsLong();
        Answer answer = dispatch(request, path, session);
        boolean wrote = writes.getAsLong() > before;

        RailsResponse response = new Rendering(request, path, RequestId.of(wire), startedNanos)
                .render(answer, cookieAfter(answer, session));
        // The middleware of docs/parity.md: such a request must not be made again by who only wants to compare.
        return wrote && SAFE.contains(request.method()) ? response.with(new Header("X-Banyan-Wrote", "1")) : response;
    }

    /** An answer that no action had a part in, such as a fault that was ordered. */
    public RailsResponse fail(RailsRequest request, int status) {
        RailsPath path = RailsPath.of(request.path());
        return new Rendering(request, path, RequestId.of(request), System.nanoTime())
                .render(new Answer.Failed(status), null);
    }

    private Answer dispatch(RailsRequest request, RailsPath path, Session session) {
        if (isSpoofed(request)) {
            return new Answer.Failed(500);
        }
        if (!METHODS.contains(request.method())) {
            return new Answer.Refused(405);
        }
        if (!UrlEncoded.isSound(request.path()) || !UrlEncoded.isSound(request.query())) {
            return new Answer.Refused(400);
        }
        Optional<Routes.Found> found = routes.find(request.method(), path);
        if (found.isEmpty()) {
            return new Answer.Failed(404);
        }
        Map<String, String> params = Call.params(request, found.get().names());
        if (params == null) {
            return new Answer.Failed(400);
        }
        if (isForged(request)) {
            return new Answer.Failed(422);
        }
        return found.get().action().call(new Call(request, path, params, session));
    }

    /** ActionDispatch::RemoteIp: two headers that disagree about the client. */
    private static boolean isSpoofed(RailsRequest request) {
        String client = request.header("Client-Ip");
        String forwarded = request.header("X-Forwarded-For");
        return client != null
                && forwarded != null
                && !Arrays.asList(forwarded.split("[,\\s]+")).contains(client);
    }

    /** {@code forgery_protection_origin_check}: why a proxy must keep the public Host and scheme. */
    private static boolean isForged(RailsRequest request) {
        String origin = request.header("Origin");
        return !SAFE.contains(request.method())
                && FormBody.isForm(request)
                && origin != null
                && !origin.equals(PublicOrigin.of(request).url(""));
    }

    /** Issued again, under a new IV, by every action that looked into the session; never by an error page. */
    private @Nullable String cookieAfter(Answer answer, Session session) {
        boolean fromAction = answer instanceof Answer.Rendered || answer instanceof Answer.NoContent;
        return fromAction && session.isToBeWritten() ? sessionCookie.setCookie(session) : null;
    }
}
