package dev.banyan.controlplane.admin;

import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the API can do.
 *
 * @param id the OpenAPI operation id; names it in the audit log, too
 * @param path as OpenAPI writes it: {@code /v1/routes/{id}}
 * @param role the least that may do it
 * @param work on a worker thread: it may block
 */
record Operation(String id, HttpMethod method, String path, Role role, Kind kind, Work work) {

    enum Kind {
        READ,
        /** Goes to the audit log, whatever comes of it. */
        WRITE
    }

    /** Answers, or throws a {@link Refusal}. */
    @FunctionalInterface
    interface Work {
        Reply answer(Call call) throws Exception;
    }

    static Operation read(String id, HttpMethod method, String path, Work work) {
        return new Operation(id, method, path, Role.VIEWER, Kind.READ, work);
    }

    static Operation write(String id, HttpMethod method, String path, Role role, Work work) {
        return new Operation(id, method, path, role, Kind.WRITE, work);
    }

    /** Whether the routes that a token is bound to, if it is, allow this: only what changes one of them and nothing else. */
    boolean isWithinRoutesOf(Token token, @Nullable String routeOfPath) {
        if (!token.isBound() || kind == Kind.READ) {
            return true;
        }
        return path.startsWith("/v1/routes/{id}/") && routeOfPath != null && token.mayChange(routeOfPath);
    }

    /** As Vert.x Web writes it: {@code /v1/routes/:id}. */
    String routerPath() {
        return path.replace("{", ":").replace("}", "");
    }
}
