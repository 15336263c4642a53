package dev.banyan.services.kit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON answers with the same bodies, and the same ETag for a body, as the monolith's: a client that changes sides may
 * keep what it has.
 */
public final class JsonAnswer {

    private static final Map<Integer, String> REASONS = Map.of(
            400, "Bad Request",
            404, "Not Found",
            413, "Payload Too Large",
            415, "Unsupported Media Type",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private JsonAnswer() {}

    public static void send(RoutingContext context, int status, Map<String, ?> content) {
        byte[] body = MonolithJson.bytes(content);
        HttpServerResponse response = context.response().setStatusCode(status);
        boolean cacheable = status == 200 || status == 201;
        response.putHeader("Content-Type", "application/json; charset=utf-8");
        response.putHeader("Cache-Control", cacheable ? "max-age=0, private, must-revalidate" : "no-cache");
        if (cacheable) {
            String etag = etag(body);
            response.putHeader("ETag", etag);
            if (status == 200 && isSafe(context.request()) && has(context.request(), etag)) {
                response.headers().remove("Content-Type");
                response.setStatusCode(304).end();
                return;
            }
        }
        end(context, body);
    }

    /** Status and reason, in the monolith's words. */
    public static void sendError(RoutingContext context, int status) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("status", status);
        content.put("error", REASONS.getOrDefault(status, "Error"));
        send(context, status, content);
    }

    /** Neither for clients nor for caches. */
    static void sendPlain(RoutingContext context, int status, Map<String, ?> content) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store");
        end(context, MonolithJson.bytes(content));
    }

    /** What no endpoint answers. A known path under another method is not found either, as in the monolith. */
    static void mountErrors(Router router) {
        for (int status : REASONS.keySet()) {
            router.errorHandler(status, context -> sendError(context, status));
        }
        router.errorHandler(405, context -> sendError(context, 404));
    }

    private static void end(RoutingContext context, byte[] body) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            context.response()
                    .putHeader("Content-Length", String.valueOf(body.length))
                    .end();
        } else {
            context.response().end(Buffer.buffer(body));
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

    private static String etag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return "W/\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
