package dev.banyan.services.kit.answers;

import dev.banyan.money.json.RailsJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** JSON answers that a client cannot tell from the monolith's: who changes sides may keep what it has. */
public final class JsonAnswer {

    private static final Map<Integer, String> REASONS = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            404, "Not Found",
            413, "Payload Too Large",
            415, "Unsupported Media Type",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private static final String CHANGE = "change of answers";

    private JsonAnswer() {}

    /** The answer to this request goes through {@code change} before it is sent. */
    public static void change(RoutingContext context, UnaryOperator<Answer> change) {
        context.put(CHANGE, change);
    }

    private static Answer changed(RoutingContext context, Answer answer) {
        UnaryOperator<Answer> change = context.get(CHANGE);
        return change == null ? answer : change.apply(answer);
    }

    public static void send(RoutingContext context, int status, Map<String, ?> content) {
        Answer answer = changed(context, Answer.json(status, content));
        HttpServerResponse response = context.response().setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        String etag = answer.etag();
        if (answer.status() == 200 && etag != null && isSafe(context.request()) && has(context.request(), etag)) {
            response.headers().remove("Content-Type");
            response.setStatusCode(304).end();
            return;
        }
        end(context, answer.body());
    }

    /** Status and reason, in the monolith's words. */
    public static void sendError(RoutingContext context, int status) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("status", status);
        content.put("error", REASONS.getOrDefault(status, "Error"));
        send(context, status, content);
    }

    /** Neither for clients nor for caches. */
    public static void sendPlain(RoutingContext context, int status, Object content) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store");
        end(context, Buffer.buffer(RailsJson.bytes(content)));
    }

    /** What no endpoint answers. A known path under another method is not found either, as in the monolith. */
    public static void mountErrors(Router router) {
        for (int status : REASONS.keySet()) {
            router.errorHandler(status, context -> sendError(context, status));
        }
        router.errorHandler(405, context -> sendError(context, 404));
    }

    private static void end(RoutingContext context, Buffer body) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            context.response()
                    .putHeader("Content-Length", String.valueOf(body.length()))
                    .end();
        } else {
            context.response().end(body);
        }
    }

    private static boolean isSafe(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    /** Weak comparison (RFC 9110, 13.1.2): {@code W/} does not count. */
    private static boolean has(HttpServerRequest request, String etag) {
        String tags = ifNoneMatch(request);
        if (tags == null) {
            return false;
        }
        for (String tag : tags.split(",", -1)) {
            if (tag.strip().equals("*") || opaque(tag.strip()).equals(opaque(etag))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String ifNoneMatch(HttpServerRequest request) {
        return request.headers().contains("If-None-Match")
                ? String.join(",", request.headers().getAll("If-None-Match"))
                : null;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
