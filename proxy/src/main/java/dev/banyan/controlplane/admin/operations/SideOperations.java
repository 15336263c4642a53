package dev.banyan.controlplane.admin.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.Span;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Fields;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.ProblemException;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.tokens.Token;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.ForcedSide;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Hands out forced sides: a person looks at modern before any user does, or goes back to legacy to compare. */
public final class SideOperations {
    /** Nothing takes one back but a freeze, or another signing key. */
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Revisions revisions;
    private final ForcedSide forcedSides;
    private final Clock clock;

    public SideOperations(Revisions revisions, ForcedSide forcedSides, Clock clock) {
        this.revisions = revisions;
        this.forcedSides = forcedSides;
        this.clock = clock;
    }

    private record Asked(Side side, NavigableSet<String> routes, Optional<Span> span, String reason) {

        /** In the words of the command. */
        String what(Duration holds) {
            StringBuilder what = new StringBuilder("side ").append(side.word());
            routes.forEach(route -> what.append(" --route ").append(route));
            return what.append(" --for ").append(new Span(holds)).toString();
        }
    }

    public Reply create(Call call) {
        Asked asked = Fields.read(call.body(), SideOperations::asked);
        Side side = asked.side();
        Duration holds = asked.span().map(Span::duration).orElse(Duration.ofHours(1));
        call.audit().asks(asked.what(holds), asked.reason());
        call.audit().concerns(asked.routes());
        checkToken(call.caller().token(), asked.routes());
        asked.routes().forEach(route -> checkRoute(route, side));
        Instant expires = clock.instant().plus(holds).truncatedTo(ChronoUnit.SECONDS);
        return Reply.ok(json(side, asked.routes(), holds, expires));
    }

    private static Asked asked(Fields in) {
        Side side = in.word("side", Side::ofWord);
        NavigableSet<String> routes = in.routes();
        Optional<Span> span = in.span("for");
        if (span.filter(one -> one.duration().compareTo(LONGEST) > 0).isPresent()) {
            in.problem("/for: longer than " + new Span(LONGEST) + "; fix: write less, and ask again when it is over");
        }
        return new Asked(side, routes, span, in.anyReason());
    }

    private static void checkToken(Token token, NavigableSet<String> routes) {
        if (!routes.stream().allMatch(token::mayChange)) {
            throw new ProblemException(CommonProblems.otherRoute(token));
        }
    }

    private void checkRoute(String id, Side side) {
        SortedMap<String, RouteInForce> routes = revisions.current().table().routes();
        @Nullable RouteInForce route = routes.get(id);
        if (route == null) {
            throw CommonProblems.noSuchRoute(id, routes.keySet());
        }
        if (route.route().legacy().isEmpty() || route.route().modern().isEmpty()) {
            throw new ProblemException(ProblemDetails.of(
                    409,
                    "no-such-side",
                    "The route has one side only",
                    "Route " + id + " has no " + (route.route().legacy().isEmpty() ? "legacy" : "modern")
                            + " side, so nothing can be forced to " + side.word() + " or away from it.",
                    "leave this route out"));
        }
    }

    private ObjectNode json(Side side, NavigableSet<String> routes, Duration holds, Instant expires) {
        String token = forcedSides.mint(side, routes, expires.getEpochSecond());
        ObjectNode json = Json.object().put("side", side.word());
        json.set("routes", Json.array(routes));
        json.put("expires", expires.toString());
        json.putObject("header").put("name", ForcedSide.HEADER_NAME).put("value", token);
        json.putObject("cookie")
                .put("name", ForcedSide.COOKIE)
                .put("value", token)
                .put("max_age", holds.toSeconds())
                .put("path", "/");
        return json;
    }
}
