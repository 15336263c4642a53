package dev.banyan.rails;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Rails took a request for.
 *
 * @param ran {@code controller#action}, or {@code redirect}; null if none came to run
 * @param routed what the router found, whether or not it came to run
 * @param params of the path
 * @param method the effective one
 */
public record Taken(
        int status,
        @Nullable String ran,
        @Nullable String routed,
        Map<String, String> params,
        @Nullable String method) {

    static Taken refusedByPuma(int status) {
        return new Taken(status, null, null, Map.of(), null);
    }

    public static Taken of(int status, String witness) {
        JsonObject said = new JsonObject(witness);
        Map<String, String> params = new TreeMap<>();
        said.getJsonObject("params").forEach(param -> params.put(param.getKey(), String.valueOf(param.getValue())));
        return new Taken(status, said.getString("ran"), said.getString("routed"), params, said.getString("method"));
    }

    /** The path's parameters but for the format. */
    Map<String, String> names() {
        Map<String, String> names = new TreeMap<>(params);
        names.remove("format");
        return names;
    }
}
