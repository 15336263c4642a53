package dev.banyan.controlplane.admin;

import static dev.banyan.controlplane.admin.http.Operation.read;
import static dev.banyan.controlplane.admin.http.Operation.write;
import static dev.banyan.controlplane.admin.http.Operation.writeOfNamedRoutes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.audit.AuditFilter;
import dev.banyan.controlplane.admin.audit.AuditLog;
import dev.banyan.controlplane.admin.audit.AuditStore;
import dev.banyan.controlplane.admin.events.EventStreams;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Contract;
import dev.banyan.controlplane.admin.http.Operation;
import dev.banyan.controlplane.admin.http.Pages;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.operations.OwnerOperations;
import dev.banyan.controlplane.admin.operations.Planning;
import dev.banyan.controlplane.admin.operations.SideOperations;
import dev.banyan.controlplane.admin.operations.TableOperations;
import dev.banyan.controlplane.admin.operations.TokenOperations;
import dev.banyan.controlplane.admin.tokens.Tokens;
import dev.banyan.controlplane.admin.views.Explain;
import dev.banyan.controlplane.admin.views.ParityView;
import dev.banyan.controlplane.admin.views.SettingsView;
import dev.banyan.controlplane.admin.views.Standing;
import dev.banyan.controlplane.admin.views.Views;
import dev.banyan.json.Json;
import java.io.IOException;
import java.util.List;

/** What every operation of the contract that takes a token does. */
final class AdminApi {
    private final Contract contract;
    private final Views views;
    private final TableOperations writes;
    private final OwnerOperations owners;
    private final ParityView parity;
    private final Explain explain;
    private final Planning planning;
    private final TokenOperations tokens;
    private final SideOperations sides;
    private final AuditLog audit;
    private final SettingsView settings;
    private final EventStreams events;

    AdminApi(Contract contract, AdminParts parts, Tokens tokens, AuditLog audit, EventStreams events) {
        this.events = events;
        this.contract = contract;
        this.views = new Views(
                parts.revisions(), parts.traffic(), parts.upstreams(), new Standing(parts.revisions(), audit));
        this.writes = new TableOperations(parts.revisions(), parts.traffic());
        this.owners = new OwnerOperations(parts.revisions(), parts.owners());
        this.parity = new ParityView(parts.revisions(), parts.parity(), parts.clock());
        this.explain = new Explain(parts.revisions(), parts.routers(), parts.upstreams(), parts.clock());
        this.planning = new Planning(parts.revisions(), parts.recent());
        this.tokens = new TokenOperations(tokens, parts.clock());
        this.sides = new SideOperations(parts.revisions(), parts.forcedSides(), parts.clock());
        this.audit = audit;
        this.settings = new SettingsView(parts.settings());
    }

    List<Operation> operations() {
        return List.of(
                read("getTable", views::table),
                read("getRoutes", views::routes),
                read("getRoute", views::route),
                read("getUpstreams", views::upstreams),
                read("getRevisions", views::revisions),
                read("getRevision", views::revision),
                read("getDiff", views::diff),
                read("getParity", parity::parity),
                read("explain", explain::explain),
                read("plan", planning::plan),
                write("apply", planning::apply),
                write("setCanary", writes::setCanary),
                write("clearCanary", writes::clearCanary),
                write("setShadow", writes::setShadow),
                write("clearShadow", writes::clearShadow),
                write("setKnown", writes::setKnown),
                write("clearKnown", writes::clearKnown),
                read("getWrites", owners::list),
                write("moveOwner", owners::move),
                write("freezeRoute", writes::freezeRoute),
                write("thawRoute", writes::thawRoute),
                write("freeze", writes::freeze),
                write("thaw", writes::thaw),
                write("rollback", writes::rollback),
                write("unpin", writes::unpin),
                read("getSettings", settings::all),
                writeOfNamedRoutes("createSide", sides::create),
                read("getEvents", events::open),
                read("getAudit", this::audit),
                read("getTokens", tokens::list),
                write("createToken", tokens::create),
                write("revokeToken", tokens::revoke),
                read("getOpenApi", this::openApi),
                read("getRoutesSchema", Pages::routesSchema));
    }

    private Reply audit(Call call) throws IOException {
        int limit = (int) call.query().number("limit").orElseThrow();
        long before = call.query().number("before").orElse(Long.MAX_VALUE);
        AuditStore.Page page = audit.read(before, limit, AuditFilter.of(call.query()))
                .orElseThrow(() -> CommonProblems.badRequest(
                        "No entry of the audit log begins at " + before + ".", "take the number from next of a page"));
        ObjectNode json = Json.object();
        json.putArray("entries").addAll(page.entries());
        page.next().ifPresent(next -> json.put("next", next));
        return Reply.ok(json);
    }

    private Reply openApi(Call call) {
        return new Reply(200, "application/yaml", contract.text());
    }
}
