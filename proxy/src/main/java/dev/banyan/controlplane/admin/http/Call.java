package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Objects;

/**
 * One request as an operation sees it: it came through the gate, and is as the contract says.
 *
 * @param body without members if none was sent
 */
public record Call(
        Caller caller, Map<String, String> path, Query query, MultiMap headers, ObjectNode body, AuditLine audit) {

    public String path(String name) {
        return Objects.requireNonNull(path.get(name), name);
    }

    public IfMatch ifMatch() {
        return IfMatch.of(headers.getAll("If-Match"));
    }
}
