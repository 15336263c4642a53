package dev.banyan.controlplane.admin;

import dev.banyan.controlplane.admin.http.Answers;
import dev.banyan.controlplane.admin.http.Contract;
import dev.banyan.controlplane.admin.http.Paths;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Binds what the contract describes to what does it, by operation id. What is described and not done, or done and not described, fails
 * the start.
 */
final class AdminRouter {
    private AdminRouter() {}

    /**
     * @param gate comes before everything, also before what is at no path
     * @param doing by operation id
     */
    static Router of(
            Vertx vertx,
            Contract contract,
            Handler<RoutingContext> gate,
            Map<String, Handler<RoutingContext>> doing,
            Answers answers) {
        refuseMismatch(contract, doing.keySet());
        RouterBuilder builder = RouterBuilder.create(vertx, contract.openApi()).rootHandler(gate);
        // The dispatcher validates: after the role, and so that a refused change is audited.
        doing.forEach((id, handler) -> Objects.requireNonNull(builder.getRoute(id))
                .setDoSecurity(false)
                .setDoValidation(false)
                .addHandler(handler));
        Router router = builder.createRouter();
        Paths paths = new Paths(router, answers);
        contract.openApi()
                .getPaths()
                .forEach(path -> path.getOperations().forEach(operation -> {
                    HttpMethod method = operation.getHttpMethod();
                    String routerPath = Paths.ofRouter(path.getName());
                    paths.stands(method, routerPath, Objects.requireNonNull(doing.get(operation.getOperationId())));
                }));
        paths.close();
        return router;
    }

    private static void refuseMismatch(Contract contract, Set<String> done) {
        Set<String> described = new TreeSet<>();
        contract.operations().forEach(operation -> described.add(operation.id()));
        Set<String> notDone = new TreeSet<>(described);
        notDone.removeAll(done);
        Set<String> notDescribed = new TreeSet<>(done);
        notDescribed.removeAll(described);
        if (!notDone.isEmpty() || !notDescribed.isEmpty()) {
            throw new IllegalStateException("openapi.yaml: described and not done: " + notDone
                    + "; done and not described: " + notDescribed + "; fix: describe and bind both by operationId");
        }
    }
}
