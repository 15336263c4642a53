package dev.banyan.controlplane.admin.tokens;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;

/** A token as the API shows it, and as it is kept beside its hash. */
public final class TokenJson {
    private TokenJson() {}

    /** All but the hash. */
    public static ObjectNode of(Token token) {
        ObjectNode json = Json.object();
        json.put("id", token.id());
        json.put("name", token.name());
        json.put("role", token.role().word());
        if (token.isBound()) {
            json.set("routes", Json.array(token.routes()));
        }
        json.put("created", token.created().toString());
        token.expires().ifPresent(expires -> json.put("expires", expires.toString()));
        return json;
    }
}
