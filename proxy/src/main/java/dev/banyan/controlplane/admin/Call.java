package dev.banyan.controlplane.admin;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One request as an operation sees it: it came through the gate, and its body is whole. */
record Call(Caller caller, Map<String, String> path, MultiMap query, MultiMap headers, Buffer body, Attempt attempt) {

    String path(String name) {
        return Objects.requireNonNull(path.get(name), name);
    }

    Query parameters(String... known) {
        return new Query(query, Set.of(known));
    }

    IfMatch ifMatch() {
        return IfMatch.of(headers.getAll("If-Match"));
    }
}
