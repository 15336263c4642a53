package dev.banyan.controlplane.admin.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a listener answers to, by path and method; and, once closed, its answers to all the rest. */
public final class Paths {
    private final Router router;
    private final Answers answers;
    private final Map<String, List<String>> methodsByPath = new LinkedHashMap<>();

    public Paths(Router router, Answers answers) {
        this.router = router;
        this.answers = answers;
    }

    /** From {@code /v1/routes/{id}}, as OpenAPI writes it, to Vert.x Web's {@code /v1/routes/:id}. */
    public static String ofRouter(String path) {
        return path.replace("{", ":").replace("}", "");
    }

    public void on(HttpMethod method, String path, Handler<RoutingContext> handler) {
        router.route(method, path).handler(handler);
        stands(method, path, handler);
    }

    /** The router has it already. Where there is GET, there is HEAD (RFC 9110, 9.3.2). */
    public void stands(HttpMethod method, String path, Handler<RoutingContext> handler) {
        List<String> methods = methodsByPath.computeIfAbsent(path, unused -> new ArrayList<>());
        methods.add(method.name());
        if (method.equals(HttpMethod.GET)) {
            router.route(HttpMethod.HEAD, path).handler(handler);
            methods.add(HttpMethod.HEAD.name());
        }
    }

    public void close() {
        methodsByPath.forEach((path, methods) -> {
            String allow = String.join(", ", methods);
            router.route(path)
                    .handler(exchange ->
                            answers.write(exchange, Reply.of(WRONG_METHOD).with("Allow", allow)));
        });
        router.errorHandler(400, exchange -> answers.write(exchange, Reply.of(BAD_PATH)));
        router.errorHandler(404, exchange -> answers.write(exchange, Reply.of(NO_SUCH_PATH)));
        router.errorHandler(
                500, exchange -> answers.fail(exchange, exchange.request().path(), exchange.failure()));
    }

    private static final ProblemDetails BAD_PATH = ProblemDetails.of(
            400,
            "bad-request",
            "The request cannot be read",
            "The path or the query is not well formed.",
            "percent-encode it");

    static final ProblemDetails NO_SUCH_PATH = ProblemDetails.of(
            404,
            "no-such-path",
            "There is no such path",
            "The API has nothing at this path.",
            "see GET /openapi.yaml for what there is");

    private static final ProblemDetails WRONG_METHOD = ProblemDetails.of(
            405,
            "wrong-method",
            "The path does not take this method",
            "The method is not one of this path's.",
            "see the Allow field for those it takes");
}
