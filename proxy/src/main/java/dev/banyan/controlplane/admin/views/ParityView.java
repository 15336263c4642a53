package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.Span;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether modern's answers are right, as far as is known, by route and field. */
public final class ParityView {
    private static final int SHOWN_DECIMALS = 4;

    private final Revisions revisions;
    private final Parity parity;
    private final Clock clock;

    public ParityView(Revisions revisions, Parity parity, Clock clock) {
        this.clock = clock;
        this.revisions = revisions;
        this.parity = parity;
    }

    public Reply parity(Call call) {
        Revision current = revisions.current();
        RoutingTable table = current.table();
        OptionalLong since = call.query().number("since");
        Optional<Duration> window =
                call.query().text("window").flatMap(Span::parse).map(Span::duration);
        Instant now = clock.instant();
        ObjectNode json = Json.object().put("revision", current.number());
        ArrayNode all = json.putArray("routes");
        Optional<String> standing = call.query().text("standing");
        for (RouteInForce route : asked(call.query().text("route"), table)) {
            parity.of(route.id(), since, now, window).ifPresent(known -> {
                ObjectNode each = json(route, known, standing);
                if (call.query().text("route").isPresent()) {
                    each.set("ignored", ignored(current, route));
                }
                all.add(each);
            });
        }
        return Reply.ok(json);
    }

    /** One, or all that have both sides: of the others there is nothing to say. */
    private static Collection<RouteInForce> asked(Optional<String> id, RoutingTable table) {
        if (id.isPresent()) {
            RouteInForce route = table.routes().get(id.get());
            if (route == null) {
                throw CommonProblems.noSuchRoute(id.get(), table.routes().keySet());
            }
            return List.of(route);
        }
        return table.routes().values().stream()
                .filter(route -> route.route().legacy().isPresent()
                        && route.route().modern().isPresent())
                .toList();
    }

    /** What the route's file leaves out of the comparison, and since when it does. */
    private ArrayNode ignored(Revision current, RouteInForce route) {
        ArrayNode all = Json.array();
        Map<String, Instant> since = new IgnoredSince(revisions).of(current, route.id());
        route.route().shadow().ignore().forEach(ignored -> {
            ObjectNode each = all.addObject().put("field", ignored.field());
            Optional.ofNullable(since.get(ignored.field())).ifPresent(time -> each.put("since", time.toString()));
            ignored.until().ifPresent(day -> each.put("until", day.toString()));
            ignored.why().ifPresent(why -> each.put("why", why));
        });
        return all;
    }

    private static ObjectNode json(RouteInForce route, RouteParity known, Optional<String> standing) {
        ObjectNode json = Json.object().put("id", route.id());
        json.put("shadow", route.shadowShare().percent()).put("since_revision", known.since());
        known.deploy()
                .ifPresent(deploy -> json.putObject("modern_version")
                        .put("version", deploy.version())
                        .put("since", deploy.time().toString()));
        json.put("matched", known.matched()).put("late", known.late()).put("known", known.known());
        json.put("different", known.different()).put("undecided", known.undecided());
        json.put("noisy", known.noisy()).put("failed", known.failed());
        json.set("not_compared", Json.of(known.notCompared()));
        if (known.compared() > 0) {
            ObjectNode parity = json.putObject("parity");
            if (known.decided() > 0) {
                parity.put("percent", percent(1 - (double) known.different() / known.decided()));
            }
            parity.put("lower", percent(1 - known.interval().upper()))
                    .put("upper", percent(1 - known.interval().lower()));
        }
        json.put("verdict", Words.of(known.verdict().word()));
        known.verdict().needs().ifPresent(needs -> json.put("needs", needs));
        json.put("legacy_asked_twice", known.repeats());
        json.set("coverage", coverage(known.coverage()));
        ArrayNode differences = json.putArray("differences");
        known.causes().stream()
                .filter(cause ->
                        standing.map(Words.of(cause.standing())::equals).orElse(true))
                .forEach(cause -> differences.add(json(cause)));
        return json.put("more_differences", known.moreFields());
    }

    private static ObjectNode coverage(RouteParity.Coverage coverage) {
        ObjectNode json = Json.object();
        ArrayNode matches = json.putArray("matches");
        coverage.byMatch().forEach((match, counted) -> matches.add(match(match, counted)));
        json.set("answers", Json.of(coverage.byAnswer()));
        return json.put("users", coverage.users()).put("targets", coverage.targets());
    }

    private static ObjectNode match(String match, Counted counted) {
        return Json.object()
                .put("match", match)
                .put("compared", Math.round(counted.all()))
                .put("different", Math.round(counted.bad()));
    }

    private static ObjectNode json(RouteParity.Cause cause) {
        ObjectNode json = Json.object().put("match", cause.match());
        json.put("standing", Words.of(cause.standing()));
        if (cause.noise().all() > 0) {
            json.put("noise_percent", percent(cause.noise().share()));
        }
        cause.known().ifPresent(flag -> json.set("known", RouteJson.known(flag)));
        ArrayNode fields = json.putArray("fields");
        cause.fields()
                .forEach(field -> fields.add(Json.object()
                        .put("field", field.field())
                        .put("kind", Words.of(field.kind()))
                        .put("legacy", field.legacy())
                        .put("modern", field.modern())));
        json.put("count", cause.count()).put("users", cause.users());
        json.put("first_seen", cause.first().toString())
                .put("last_seen", cause.last().toString());
        json.put("first_revision", cause.firstRevision());
        ArrayNode samples = json.putArray("samples");
        cause.samples()
                .forEach(sample -> samples.add(Json.object()
                        .put("request_id", sample.requestId())
                        .put("time", sample.time().toString())));
        return json;
    }

    private static BigDecimal percent(double share) {
        return BigDecimal.valueOf(100 * share)
                .setScale(SHOWN_DECIMALS, RoundingMode.HALF_EVEN)
                .stripTrailingZeros();
    }
}
