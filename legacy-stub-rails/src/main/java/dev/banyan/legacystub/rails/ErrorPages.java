package dev.banyan.legacystub.rails;

import dev.banyan.money.json.RailsJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ActionDispatch::PublicExceptions: JSON where it was asked for, else the page that lies in public/. */
final class ErrorPages {

    private static final Map<Integer, String> REASONS = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            404, "Not Found",
            422, "Unprocessable Entity",
            429, "Too Many Requests",
            500, "Internal Server Error",
            502, "Bad Gateway",
            503, "Service Unavailable",
            504, "Gateway Timeout");

    private ErrorPages() {}

    static Map<String, Object> content(int status) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("status", status);
        content.put("error", reason(status));
        return content;
    }

    /** Type and body of the page; the charset in upper case tells them from what an action rendered. */
    static Page page(int status, boolean asJson) {
        if (asJson) {
            return new Page("application/json; charset=UTF-8", Body.of(RailsJson.bytes(content(status))));
        }
        String html = String.join(
                "\n",
                List.of(
                        "<!DOCTYPE html>",
                        "<html>",
                        "<head><title>" + reason(status) + " (" + status + ")</title></head>",
                        "<body><h1>" + reason(status) + "</h1></body>",
                        "</html>",
                        ""));
        return new Page("text/html; charset=UTF-8", Body.of(html));
    }

    private static String reason(int status) {
        return REASONS.getOrDefault(status, "Error");
    }

    record Page(String contentType, Body body) {}
}
