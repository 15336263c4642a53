package dev.banyan.controlplane.admin;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Every operation that needs a token. What openapi.yaml describes and what stands here is the same; a test compares them. */
final class AdminApi {
    private final Views views;
    private final Writes writes;
    private final Explain explain;
    private final TokenOperations tokens;
    private final AuditLog audit;
    private final SettingsView settings;

    AdminApi(AdminParts parts, Tokens tokens, AuditLog audit) {
        this.views = new Views(parts.revisions(), parts.traffic());
        this.writes = new Writes(parts.revisions(), parts.traffic());
        this.explain = new Explain(parts.revisions(), parts.routers(), parts.clock());
        this.tokens = new TokenOperations(tokens, parts.clock());
        this.audit = audit;
        this.settings = new SettingsView(parts.settings());
    }

    List<Operation> operations() {
        return List.of(
                Operation.read("getTable", GET, "/v1/table", views::table),
                Operation.read("getRoutes", GET, "/v1/routes", views::routes),
                Operation.read("getRoute", GET, "/v1/routes/{id}", views::route),
                Operation.read("getUpstreams", GET, "/v1/upstreams", views::upstreams),
                Operation.read("getRevisions", GET, "/v1/revisions", views::revisions),
                Operation.read("getRevision", GET, "/v1/revisions/{number}", views::revision),
                Operation.read("getDiff", GET, "/v1/diff", views::diff),
                Operation.read("explain", POST, "/v1/explain", explain::explain),
                change("setCanary", PUT, "/v1/routes/{id}/canary", writes::setCanary),
                change("clearCanary", DELETE, "/v1/routes/{id}/canary", writes::clearCanary),
                change("setShadow", PUT, "/v1/routes/{id}/shadow", writes::setShadow),
                change("clearShadow", DELETE, "/v1/routes/{id}/shadow", writes::clearShadow),
                change("freezeRoute", PUT, "/v1/routes/{id}/freeze", writes::freezeRoute),
                change("thawRoute", DELETE, "/v1/routes/{id}/freeze", writes::thawRoute),
                change("freeze", PUT, "/v1/freeze", writes::freeze),
                change("thaw", DELETE, "/v1/freeze", writes::thaw),
                Operation.write("rollback", POST, "/v1/rollback", Role.ADMIN, writes::rollback),
                Operation.write("unpin", POST, "/v1/unpin", Role.ADMIN, writes::unpin),
                Operation.read("getSettings", GET, "/v1/settings", settings::all),
                Operation.read("getAudit", GET, "/v1/audit", this::audit),
                new Operation("getTokens", GET, "/v1/tokens", Role.ADMIN, Operation.Kind.READ, tokens::list),
                Operation.write("createToken", POST, "/v1/tokens", Role.ADMIN, tokens::create),
                Operation.write("revokeToken", DELETE, "/v1/tokens/{id}", Role.ADMIN, tokens::revoke),
                Operation.read("getOpenApi", GET, "/openapi.yaml", AdminApi::openApi));
    }

    void register(Paths paths, Dispatcher dispatcher) {
        for (Operation operation : operations()) {
            paths.on(operation.method(), operation.routerPath(), exchange -> dispatcher.dispatch(operation, exchange));
        }
    }

    private static Operation change(String id, HttpMethod method, String path, Operation.Work work) {
        return Operation.write(id, method, path, Role.OPERATOR, work);
    }

    private Reply audit(Call call) throws IOException {
        Query query = call.parameters("before", "limit");
        int limit = (int) query.number("limit", 1, 500).orElse(50);
        long before = query.number("before", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
        AuditLog.Page page = audit.read(before, limit)
                .orElseThrow(() -> Problems.badRequest(
                        "No entry of the audit log begins at " + before + ".", "take the number from next of a page"));
        ObjectNode json = Json.object();
        json.putArray("entries").addAll(page.entries());
        page.next().ifPresent(next -> json.put("next", next));
        return Reply.ok(json);
    }

    private static Reply openApi(Call call) throws IOException {
        call.parameters();
        try (InputStream file = AdminApi.class.getResourceAsStream("openapi.yaml")) {
            if (file == null) {
                throw new IOException("openapi.yaml is not on the class path");
            }
            return new Reply(200, "application/yaml", Buffer.buffer(file.readAllBytes()), Map.of());
        }
    }
}
