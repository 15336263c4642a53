package dev.banyan.services.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.money.json.RailsJson;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request: of its query, and of its body, be it JSON or a form, as the monolith takes both. */
final class RequestParams {

    private RequestParams() {}

    /** Null if the body calls itself JSON and is none. */
    static @Nullable Map<String, String> of(RoutingContext context) {
        Map<String, String> params = new HashMap<>();
        context.queryParams().forEach(field -> params.put(field.getKey(), field.getValue()));
        context.request().formAttributes().forEach(field -> params.put(field.getKey(), field.getValue()));
        byte[] body = context.body().buffer() == null
                ? new byte[0]
                : context.body().buffer().getBytes();
        if (isJson(context.request().getHeader("Content-Type")) && body.length > 0) {
            JsonNode document = RailsJson.parse(body);
            if (document == null) {
                return null;
            }
            document.properties().forEach(field -> {
                if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                    params.put(field.getKey(), field.getValue().asText());
                }
            });
        }
        return params;
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
    }
}
