package dev.banyan.controlplane.admin.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.WriteGates;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.Fields;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.revisions.OwnerChange;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.controlplane.revisions.TakenByModern.Taken;
import dev.banyan.controlplane.writes.OwnerMoves;
import dev.banyan.json.Json;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Side;
import java.time.Duration;

/** Who owns the routes' data, and moving it. */
public final class OwnerOperations {
    /** Most a caller may say is 45: longer than that no writes are refused, and the caller's connection would be closed as idle. */
    private static final int USUAL_WAIT_SECONDS = 30;

    private final Revisions revisions;
    private final Owners owners;
    private final Publishing publishing;

    public OwnerOperations(Revisions revisions, Owners owners) {
        this.revisions = revisions;
        this.owners = owners;
        this.publishing = new Publishing(revisions);
    }

    public Reply list(Call call) {
        Revision current = revisions.current();
        ObjectNode json = Json.object().put("revision", current.number());
        owners.moves().underWay().ifPresent(move -> json.set("moving", moving(move)));
        ArrayNode routes = json.putArray("routes");
        for (RouteInForce route : current.table().routes().values()) {
            if (route.route().writes().isPresent()) {
                routes.add(route(route));
            }
        }
        return Reply.ok(json);
    }

    private static ObjectNode moving(OwnerMoves.UnderWay move) {
        return Json.object()
                .put("route", move.route())
                .put("owner", move.to().word())
                .put("author", move.author())
                .put("since", move.since().toString());
    }

    private ObjectNode route(RouteInForce route) {
        ObjectNode json = Json.object().put("id", route.id());
        if (route.owner().isEmpty()) {
            return json.put("owner", "either");
        }
        json.put("owner", route.owner().get().word());
        WriteGates.State gate = owners.gates().state(route.id());
        json.put("gate", gate.open() ? "open" : "closed");
        json.putObject("under_way").put("legacy", gate.legacy()).put("modern", gate.modern());
        json.put("refused", gate.refused());
        owners.taken().of(route.id()).ifPresent(taken -> json.set("modern_took", modernTook(taken)));
        return json;
    }

    private static ObjectNode modernTook(Taken taken) {
        return Json.object()
                .put("writes", taken.writes())
                .put("of_nobody", taken.ofNobody())
                .put("users", taken.users())
                .put("exact", taken.exact())
                .put("since_revision", taken.sinceRevision())
                .put("since", taken.since().toString());
    }

    private record MoveAsked(
            Side to, boolean readersMayLag, StrandedWrites stranded, Duration patience, String reason) {

        static MoveAsked read(Fields in) {
            return new MoveAsked(
                    in.word("owner", Side::ofWord),
                    in.flag("readers_may_lag"),
                    TableOperations.stranded(in),
                    Duration.ofSeconds(in.number("wait_seconds", USUAL_WAIT_SECONDS)),
                    in.reason());
        }

        String command(String route) {
            return "writes move " + route + " " + to.word()
                    + (readersMayLag ? " --readers-may-lag" : "")
                    + (stranded == StrandedWrites.ACCEPT ? " --accept-stranded-writes" : "");
        }
    }

    /** Answers when the owner has moved, or it is clear that it does not. */
    public Reply move(Call call) {
        MoveAsked asked = Fields.read(call.body(), MoveAsked::read);
        call.audit().asks(asked.command(call.path("id")), asked.reason());
        OwnerChange change = new OwnerChange(call.path("id"), asked.to(), asked.readersMayLag(), asked.stranded());
        return publishing
                .make(
                        call,
                        asked.reason(),
                        change,
                        asked.patience().plus(Publishing.DEADLINE),
                        (cause, precondition) -> owners.moves()
                                .move(new OwnerMoves.Asked(change, asked.patience()), cause, precondition))
                .reply();
    }
}
