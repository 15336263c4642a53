package dev.banyan.legacystub.rails;

import dev.banyan.money.json.RailsJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an action decided; the headers around it are Rails' business. */
public sealed interface Answer {

    /** An action rendered something, be it an error. An empty location is none. */
    record Rendered(int status, @Nullable String location, String contentType, Body body) implements Answer {}

    /** No action answered: the exceptions app shows the page for that status, as JSON or HTML. */
    record Failed(int status) implements Answer {}

    /** Refused by a middleware, without a page. */
    record Refused(int status) implements Answer {}

    /** Nothing to say, successfully. */
    record NoContent() implements Answer {}

    static Answer json(int status, Map<String, ?> content) {
        return new Rendered(status, null, "application/json; charset=utf-8", Body.of(RailsJson.bytes(content)));
    }

    static Answer created(String location, Map<String, ?> content) {
        return new Rendered(201, location, "application/json; charset=utf-8", Body.of(RailsJson.bytes(content)));
    }

    static Answer html(String page) {
        return new Rendered(200, null, "text/html; charset=utf-8", Body.of(page));
    }

    static Answer redirect(String url) {
        String body = "<html><body>You are being <a href=\"" + Html.escape(url) + "\">redirected</a>.</body></html>";
        return new Rendered(302, url, "text/html; charset=utf-8", Body.of(body));
    }

    /** An error that an action renders by itself, for an API that always speaks JSON. */
    static Answer jsonError(int status) {
        return json(status, ErrorPages.content(status));
    }
}
