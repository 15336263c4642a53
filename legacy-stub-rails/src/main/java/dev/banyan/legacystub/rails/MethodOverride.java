package dev.banyan.legacystub.rails;

import java.util.Locale;
import java.util.Set;

/**
 * Rack::MethodOverride: a POST may say that it means another method, in a form's {@code _method} or in a header.
 *
 * <p>The body beats the header, even when what it says is no method (Rack takes {@code params["_method"] || header}).
 */
final class MethodOverride {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "LINK", "UNLINK");

    private MethodOverride() {}

    static RailsRequest apply(RailsRequest request) {
        if (!request.method().equals("POST")) {
            return request;
        }
        String meant = FormBody.fields(request).get("_method");
        if (meant == null) {
            meant = request.header("X-HTTP-Method-Override");
        }
        String method = meant == null ? "" : meant.toUpperCase(Locale.ROOT);
        return METHODS.contains(method) ? request.withMethod(method) : request;
    }
}
