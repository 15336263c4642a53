package dev.banyan.services.kit.answers;

import io.vertx.core.http.HttpServerRequest;

/** Links to what clients may ask for next. */
public final class PublicUrl {
    private PublicUrl() {}

    /** Under the origin that the client used, as the monolith finds it: the last X-Forwarded-Host, else Host; a proxy tells the scheme. */
    public static String of(HttpServerRequest request, String path) {
        String scheme = "https".equals(request.getHeader("X-Forwarded-Proto")) ? "https" : "http";
        String forwarded = request.getHeader("X-Forwarded-Host");
        String host = forwarded == null || forwarded.isBlank() ? request.getHeader("Host") : last(forwarded);
        return host == null ? path : scheme + "://" + host + path;
    }

    private static String last(String list) {
        return list.substring(list.lastIndexOf(',') + 1).strip();
    }
}
