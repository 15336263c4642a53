package dev.banyan.legacystub.rails;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.legacystub.session.Session;
import dev.banyan.money.json.RailsJson;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action gets to see of a request.
 *
 * @param params of the path, the query and the body; a JSON body's nested values are left out
 */
public record Call(RailsRequest request, RailsPath path, Map<String, String> params, Session session) {

    public @Nullable String param(String name) {
        return params.get(name);
    }

    public long id() {
        return Long.parseLong(params.getOrDefault("id", "0"));
    }

    public boolean wantsJson() {
        return Formats.actionWantsJson(request, path) || MediaTypes.isJson(request.mediaType());
    }

    public PublicOrigin origin() {
        return PublicOrigin.of(request);
    }

    /** Null if the body calls itself JSON and is none. */
    static @Nullable Map<String, String> params(RailsRequest request, Map<String, String> ofPath) {
        Map<String, String> params = new HashMap<>(UrlEncoded.fields(request.query()));
        params.putAll(FormBody.fields(request));
        if (MediaTypes.isJson(request.mediaType()) && request.body().length() > 0) {
            JsonNode document = RailsJson.parse(request.body().bytes());
            if (document == null) {
                return null;
            }
            document.properties().forEach(field -> {
                if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                    params.put(field.getKey(), field.getValue().asText());
                }
            });
        }
        params.putAll(ofPath);
        return params;
    }
}
