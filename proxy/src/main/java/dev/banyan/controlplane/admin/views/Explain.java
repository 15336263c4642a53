package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.Fields;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Explanation;
import dev.banyan.routing.decide.RequestLine;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a request would go now, and why. Asks the same router as the traffic, and sends nothing. */
public final class Explain {
    private final Revisions revisions;
    private final Function<RoutingTable, Router> routers;
    private final LiveUpstreams upstreams;
    private final Clock clock;

    // One router a revision: an index over a large table is not made anew for every question.
    private volatile @Nullable Ready ready;

    public Explain(Revisions revisions, Function<RoutingTable, Router> routers, LiveUpstreams upstreams, Clock clock) {
        this.revisions = revisions;
        this.routers = routers;
        this.upstreams = upstreams;
        this.clock = clock;
    }

    private record Ready(long revision, Router router) {}

    public Reply explain(Call call) {
        RequestLine request = Fields.read(call.body(), Explain::request);
        Revision current = revisions.current();
        Explanation explanation =
                router(current).explain(request, clock.instant().getEpochSecond());
        ObjectNode json = Json.object().put("revision", current.number());
        add(json, explanation.outcome());
        if (explanation.outcome() instanceof Routed.To to) {
            addStanding(json, to.decision(), current.table());
        }
        ArrayNode candidates = json.putArray("candidates");
        explanation
                .candidates()
                .forEach(candidate -> candidates
                        .addObject()
                        .put("route", candidate.route())
                        .put("match", candidate.match())
                        .put("lost", candidate.lost()));
        json.set("steps", Json.array(explanation.steps()));
        return Reply.ok(json);
    }

    private Router router(Revision current) {
        @Nullable Ready last = ready;
        if (last == null || last.revision() != current.number()) {
            last = new Ready(current.number(), routers.apply(current.table()));
            ready = last;
        }
        return last.router();
    }

    private static void add(ObjectNode json, Routed outcome) {
        if (outcome instanceof Routed.To to) {
            add(json, to.decision());
        } else if (outcome instanceof Routed.Refused refused) {
            json.putNull("route")
                    .putNull("side")
                    .putNull("upstream")
                    .put("reason", refused.reason())
                    .putNull("bucket");
            json.putObject("refused").put("status", refused.status()).put("detail", refused.detail());
        } else {
            json.putNull("route")
                    .putNull("side")
                    .putNull("upstream")
                    .put("reason", "needs-form")
                    .putNull("bucket");
        }
    }

    private static void add(ObjectNode json, Decision decision) {
        json.put("route", decision.routeId());
        json.put("side", decision.side().word());
        json.put("upstream", decision.upstream());
        json.put("reason", decision.reason().word());
        if (decision.bucket() < 0) {
            json.putNull("bucket");
        } else {
            json.put("bucket", decision.bucket());
        }
        json.putObject("sent")
                .put("method", decision.sent().method())
                .put("path", decision.sent().path());
    }

    /** What lies over the route, and how the upstream stands that would get the request. */
    private void addStanding(ObjectNode json, Decision decision, RoutingTable table) {
        ObjectNode flags = RouteJson.flags(table.flags().of(decision.routeId()));
        table.flags().freeze().ifPresent(freeze -> flags.set("freeze_of_everything", RouteJson.freeze(freeze)));
        json.set("flags", flags);
        @Nullable Upstream upstream = table.base().upstreams().get(decision.upstream());
        if (upstream != null) {
            json.set("upstream_state", UpstreamState.json(upstream, upstreams.of(upstream.id())));
        }
    }

    private static RequestLine request(Fields in) {
        RequestLine request = line(in).withUser(in.text("user").orElse(null))
                .withClientAddress(in.text("client").orElse("127.0.0.1"))
                .withFormMethod(in.text("form_method")
                        .<FormMethod>map(FormMethod.Of::new)
                        .orElse(new FormMethod.None()));
        if (in.flag("tls")) {
            request = request.withTls(true);
        }
        for (Map.Entry<String, String> header : in.texts("headers").entrySet()) {
            if (RequestLine.isHeaderName(header.getKey())) {
                request = request.withHeader(header.getKey(), header.getValue());
            } else {
                in.problem("/headers: one has a name that no header can have; fix: write it such as X-User-Id");
            }
        }
        return request;
    }

    private static RequestLine line(Fields in) {
        String text = in.requiredText("request").strip();
        try {
            // On a command line a path alone is a GET; a program says what it means.
            if (text.contains(" ")) {
                return RequestLine.parse(text);
            }
        } catch (IllegalArgumentException e) {
            // Told below, without the text: it may be long, and whoever sent it has it.
        }
        in.problem(
                "/request: not METHOD /path; fix: write it such as GET /api/transactions/42, spaces percent-encoded");
        return RequestLine.parse("/");
    }
}
