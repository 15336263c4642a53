package dev.banyan.controlplane.admin.operations;

import dev.banyan.contract.TrafficCounts;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Fields;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.revisions.CanaryChange;
import dev.banyan.controlplane.revisions.Change;
import dev.banyan.controlplane.revisions.FreezeChange;
import dev.banyan.controlplane.revisions.KnownChange;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.controlplane.revisions.Rollback;
import dev.banyan.controlplane.revisions.ShadowChange;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.controlplane.revisions.ThawChange;
import dev.banyan.controlplane.revisions.Unpin;
import dev.banyan.json.Json;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.function.Function;

/** Every change of flags, freezes and revisions: what is asked, in which words the audit log tells it, and which change it is. */
public final class TableOperations {
    private final Revisions revisions;
    private final Publishing publishing;
    private final TrafficCounts traffic;

    public TableOperations(Revisions revisions, TrafficCounts traffic) {
        this.revisions = revisions;
        this.publishing = new Publishing(revisions);
        this.traffic = traffic;
    }

    private record CanaryAsked(Share share, StrandedWrites stranded, String reason) {}

    public Reply setCanary(Call call) {
        CanaryAsked asked = Fields.read(call.body(), in -> new CanaryAsked(in.percent(), stranded(in), in.reason()));
        call.audit().asks("canary set " + call.path("id") + " " + asked.share(), asked.reason());
        Change change = CanaryChange.set(call.path("id"), asked.share(), asked.stranded());
        return publishing.make(call, asked.reason(), change).reply();
    }

    private record ClearAsked(StrandedWrites stranded, String reason) {}

    public Reply clearCanary(Call call) {
        ClearAsked asked = readDelete(call, in -> new ClearAsked(stranded(in), in.reason()));
        call.audit().asks("canary clear " + call.path("id"), asked.reason());
        Change change = CanaryChange.clear(call.path("id"), asked.stranded());
        return publishing.make(call, asked.reason(), change).reply();
    }

    private record ShadowAsked(Share share, String reason) {}

    public Reply setShadow(Call call) {
        ShadowAsked asked = Fields.read(call.body(), in -> new ShadowAsked(in.percent(), in.anyReason()));
        call.audit().asks("shadow set " + call.path("id") + " " + asked.share(), asked.reason());
        return publishing
                .make(call, asked.reason(), ShadowChange.set(call.path("id"), asked.share()))
                .reply();
    }

    public Reply clearShadow(Call call) {
        String reason = readDelete(call, Fields::anyReason);
        call.audit().asks("shadow clear " + call.path("id"), reason);
        return publishing
                .make(call, reason, ShadowChange.clear(call.path("id")))
                .reply();
    }

    private record KnownAsked(KnownDifference known, String reason) {}

    public Reply setKnown(Call call) {
        KnownAsked asked = Fields.read(
                call.body(),
                in -> new KnownAsked(
                        new KnownDifference(in.requiredText("field"), in.requiredText("owner"), in.date("until")),
                        in.reason()));
        call.audit().asks("known " + call.path("id") + " " + asked.known().field(), asked.reason());
        return publishing
                .make(call, asked.reason(), KnownChange.set(call.path("id"), asked.known()))
                .reply();
    }

    private record UnknownAsked(String field, String reason) {}

    public Reply clearKnown(Call call) {
        UnknownAsked asked = Fields.read(call.body(), in -> new UnknownAsked(in.requiredText("field"), in.anyReason()));
        call.audit().asks("known clear " + call.path("id") + " " + asked.field(), asked.reason());
        return publishing
                .make(call, asked.reason(), KnownChange.clear(call.path("id"), asked.field()))
                .reply();
    }

    private record FreezeAsked(boolean withWrites, String reason) {}

    public Reply freeze(Call call) {
        FreezeAsked asked = freezeAsked(call);
        call.audit().asks("freeze" + withWrites(asked), asked.reason());
        RoutingTable before = revisions.current().table();
        Publishing.Done done =
                publishing.make(call, asked.reason(), new FreezeChange(Optional.empty(), asked.withWrites()));
        done.json().put("legacy_gets_per_second", movedBy(before.routes().values()));
        return done.reply();
    }

    public Reply freezeRoute(Call call) {
        FreezeAsked asked = freezeAsked(call);
        call.audit().asks("freeze " + call.path("id") + withWrites(asked), asked.reason());
        Optional<RouteInForce> before =
                Optional.ofNullable(revisions.current().table().routes().get(call.path("id")));
        Publishing.Done done = publishing.make(
                call, asked.reason(), new FreezeChange(Optional.of(call.path("id")), asked.withWrites()));
        done.json().put("legacy_gets_per_second", movedBy(before.stream().toList()));
        return done.reply();
    }

    public Reply thaw(Call call) {
        String reason = readDelete(call, Fields::anyReason);
        call.audit().asks("thaw", reason);
        return publishing.make(call, reason, new ThawChange(Optional.empty())).reply();
    }

    public Reply thawRoute(Call call) {
        String reason = readDelete(call, Fields::anyReason);
        call.audit().asks("thaw " + call.path("id"), reason);
        return publishing
                .make(call, reason, new ThawChange(Optional.of(call.path("id"))))
                .reply();
    }

    private record RollbackAsked(long revision, Optional<String> route, StrandedWrites stranded, String reason) {}

    public Reply rollback(Call call) {
        RollbackAsked asked = Fields.read(
                call.body(),
                in -> new RollbackAsked(in.number("revision"), in.text("route"), stranded(in), in.reason()));
        call.audit()
                .asks(
                        "rollback " + asked.revision()
                                + asked.route()
                                        .map(route -> " --route " + route)
                                        .orElse(""),
                        asked.reason());
        // A route that is not in the table now has no tag of its own: the whole table stands for it.
        Optional<String> tagged =
                asked.route().filter(id -> revisions.current().table().routes().containsKey(id));
        Change change = new Rollback(asked.revision(), asked.route(), asked.stranded());
        return publishing.make(call, asked.reason(), tagged, change).reply();
    }

    public Reply unpin(Call call) {
        String reason = Fields.read(call.body(), Fields::anyReason);
        call.audit().asks("unpin", reason);
        return publishing.make(call, reason, new Unpin()).reply();
    }

    private static FreezeAsked freezeAsked(Call call) {
        return Fields.read(call.body(), in -> new FreezeAsked(in.flag("with_writes"), in.anyReason()));
    }

    private static String withWrites(FreezeAsked asked) {
        return asked.withWrites() ? " --with-writes" : "";
    }

    static StrandedWrites stranded(Fields in) {
        return in.flag("accept_stranded_writes") ? StrandedWrites.ACCEPT : StrandedWrites.REFUSE;
    }

    /** A DELETE may bring its reason in a body or in the query: not every client can send a body with it. */
    private static <T> T readDelete(Call call, Function<Fields, T> reader) {
        Optional<String> inQuery = call.query().text("reason");
        if (inQuery.isEmpty()) {
            return Fields.read(call.body(), reader);
        }
        if (!call.body().isEmpty()) {
            throw CommonProblems.badRequest(
                    "The reason comes in the query, and a body comes too.", "send one of the two");
        }
        return Fields.read(Json.object().put("reason", inQuery.get()), reader);
    }

    /** What modern answers now and legacy will have to. */
    private BigDecimal movedBy(Iterable<RouteInForce> routes) {
        double perSecond = 0;
        for (RouteInForce route : routes) {
            if (route.route().legacy().isPresent()) {
                perSecond += traffic.of(route.id(), Side.MODERN).perSecond();
            }
        }
        return BigDecimal.valueOf(perSecond).setScale(2, RoundingMode.HALF_UP);
    }
}
