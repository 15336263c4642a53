package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.plan.Move;
import dev.banyan.controlplane.plan.Plan;
import dev.banyan.controlplane.plan.RouteChange;
import dev.banyan.controlplane.plan.Target;
import dev.banyan.json.Json;
import dev.banyan.routing.Share;
import dev.banyan.routing.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** A plan as the API shows it. Shares are percents, to two decimals. */
public final class PlanJson {
    private PlanJson() {}

    public static ObjectNode of(Plan plan) {
        ObjectNode json = Json.object();
        json.put("revision", plan.revision());
        json.put("possible", plan.problems().isEmpty());
        json.put("changes_anything", plan.changesAnything());
        json.set("problems", Json.array(plan.problems()));
        json.set("warnings", Json.array(plan.warnings()));
        json.set("notes", Json.array(plan.notes()));
        json.putObject("counted")
                .put("since", plan.since().toString())
                .put("requests", plan.requests())
                .put("enough", plan.requests() >= Plan.ENOUGH_REQUESTS);
        json.putObject("moved")
                .put("requests", plan.moved())
                .put(
                        "unsafe",
                        plan.routes().stream()
                                .mapToLong(RouteChange::movedUnsafe)
                                .sum())
                .put("share", share(plan.moved(), plan.requests()));
        ArrayNode routes = json.putArray("routes");
        plan.routes().forEach(route -> routes.add(route(route, plan)));
        json.set("others", Json.array(plan.others()));
        return json;
    }

    private static ObjectNode route(RouteChange route, Plan plan) {
        ObjectNode json = Json.object().put("id", route.id());
        route.squad().ifPresent(squad -> json.put("squad", squad));
        json.put("change", Words.of(route.kind()));
        json.set("lines", Json.array(route.lines()));
        ObjectNode canary = json.putObject("canary");
        put(canary, "from", route.canaryBefore());
        put(canary, "to", route.canaryAfter());
        json.putObject("counted")
                .put("since", route.counted().since().toString())
                .put("requests", route.counted().requests());
        json.putObject("moved")
                .put("requests", route.moved())
                .put("unsafe", route.movedUnsafe())
                .put("share_of_route", share(route.moved(), route.counted().requests()))
                .put("share_of_all", share(route.moved(), plan.requests()))
                .put("expected_more", route.expected());
        ArrayNode moves = json.putArray("moves");
        route.moves().forEach(move -> moves.add(move(move)));
        route.reshuffle().ifPresent(why -> json.put("reshuffles", why));
        ArrayNode pilots = json.putArray("pilots");
        route.pilots()
                .forEach(pilot -> pilots.addObject()
                        .put("key", pilot.key())
                        .put("bucket", pilot.bucket())
                        .put("from", pilot.from().word())
                        .put("to", pilot.to().word()));
        route.strands().ifPresent(what -> json.put("strands", what));
        json.set("notes", Json.array(route.notes()));
        return json;
    }

    private static void put(ObjectNode json, String name, Optional<Share> share) {
        share.ifPresent(known -> json.put(name, known.percent()));
    }

    private static ObjectNode move(Move move) {
        ObjectNode json = Json.object();
        json.set("from", target(move.from()));
        json.set("to", target(move.to()));
        ArrayNode buckets = json.putArray("buckets");
        move.buckets().forEach(range -> buckets.addArray().add(range.first()).add(range.last()));
        return json.put("buckets_seen", move.bucketsSeen())
                .put("safe", move.safe())
                .put("unsafe", move.unsafe())
                .put("without_bucket", move.withoutBucket());
    }

    private static ObjectNode target(Target target) {
        return Json.object().put("side", target.side().word()).put("upstream", target.upstream());
    }

    private static BigDecimal share(long part, long whole) {
        return whole == 0
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(part * 100).divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP);
    }
}
