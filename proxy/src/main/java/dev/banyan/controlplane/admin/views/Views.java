package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.controlplane.revisions.TableDiff;
import dev.banyan.json.Json;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be looked at: the table, its routes and upstreams, its history. */
public final class Views {
    private final Revisions revisions;
    private final TrafficCounts traffic;
    private final LiveUpstreams upstreams;
    private final Standing standing;

    public Views(Revisions revisions, TrafficCounts traffic, LiveUpstreams upstreams, Standing standing) {
        this.revisions = revisions;
        this.traffic = traffic;
        this.upstreams = upstreams;
        this.standing = standing;
    }

    public Reply table(Call call) {
        Revision current = revisions.current();
        ObjectNode json = RevisionJson.whole(current);
        json.put("source", Words.of(revisions.source()));
        standing.addTo(json);
        return Reply.ok(json).tagged(Long.toString(current.number()));
    }

    public Reply routes(Call call) {
        Revision current = revisions.current();
        RoutingTable table = current.table();
        ObjectNode json = Json.object().put("revision", current.number());
        current.pinnedTo().ifPresent(number -> json.put("pinned_to", number));
        table.flags().freeze().ifPresent(freeze -> json.set("freeze", RouteJson.freeze(freeze)));
        json.set("routes", Json.oneByOne(table.routes().values(), route -> route(current, route)));
        ObjectNode unmatched =
                json.putObject("default").put("upstream", table.base().defaultUpstream());
        unmatched.putObject("traffic").set("legacy", count(RoutingTable.DEFAULT_ROUTE, Side.LEGACY));
        standing.addTo(json);
        return Reply.ok(json).tagged(Long.toString(current.number()));
    }

    public Reply route(Call call) {
        Revision current = revisions.current();
        String id = call.path("id");
        @Nullable RouteInForce route = current.table().routes().get(id);
        if (route == null) {
            throw CommonProblems.noSuchRoute(id, current.table().routes().keySet());
        }
        return Reply.ok(route(current, route).put("revision", current.number()))
                .tagged(EntityTags.ofRoute(current, id));
    }

    public Reply upstreams(Call call) {
        Revision current = revisions.current();
        ObjectNode json = Json.object().put("revision", current.number());
        ArrayNode all = json.putArray("upstreams");
        current.table().base().upstreams().forEach((id, upstream) -> {
            ObjectNode one = UpstreamJson.of(upstream);
            upstreams.of(id).ifPresent(standing -> one.set("live", UpstreamJson.of(standing)));
            all.add(one);
        });
        return Reply.ok(json);
    }

    public Reply revisions(Call call) {
        long before = call.query().number("before").orElse(Long.MAX_VALUE);
        int limit = (int) call.query().number("limit").orElseThrow();
        List<Revision> page = revisions.history(before, limit);
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("revisions");
        page.forEach(revision -> all.add(RevisionJson.brief(revision)));
        if (page.size() == limit && page.get(limit - 1).number() > 1) {
            json.put("next", page.get(limit - 1).number());
        }
        return Reply.ok(json);
    }

    public Reply revision(Call call) {
        return Reply.ok(RevisionJson.whole(found(Long.parseLong(call.path("number")))));
    }

    public Reply diff(Call call) {
        Revision from = found(call.query().number("from").orElseThrow());
        Revision to = found(call.query().number("to").orElseThrow());
        ObjectNode json = Json.object().put("from", from.number()).put("to", to.number());
        json.set("changes", MemberDiff.between(from.table(), to.table()));
        json.set("lines", Json.array(TableDiff.between(from.table(), to.table())));
        return Reply.ok(json);
    }

    private ObjectNode route(Revision current, RouteInForce route) {
        ObjectNode json = TableJson.route(current.table(), route);
        json.put("etag", '"' + EntityTags.ofRoute(current, route.id()) + '"');
        ObjectNode bySide = json.putObject("traffic");
        for (Side side : Side.values()) {
            if (route.route().upstream(side).isPresent()) {
                bySide.set(side.word(), count(route.id(), side));
            }
        }
        return json;
    }

    private ObjectNode count(String route, Side side) {
        TrafficCounts.Count count = traffic.of(route, side);
        return Json.object()
                .put("requests", count.requests())
                .put("per_second", BigDecimal.valueOf(count.perSecond()).setScale(2, RoundingMode.HALF_UP));
    }

    private Revision found(long number) {
        return revisions
                .find(number)
                .orElseThrow(() -> CommonProblems.noSuchRevision(
                        number, revisions.current().number()));
    }
}
