package dev.banyan.controlplane.admin.http;

import dev.banyan.controlplane.admin.tokens.Token;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the API can do. Where it stands, who may do it and what it takes is in openapi.yaml, under the same id.
 *
 * @param id the OpenAPI operation id; names it in the audit log, too
 * @param work on a worker thread: it may block
 */
public record Operation(String id, Kind kind, Work work) {

    public enum Kind {
        READ,
        /** Goes to the audit log, whatever comes of it. */
        WRITE,
        /** The same, of routes that the body names: the work itself looks whether a bound token may. */
        WRITE_OF_NAMED_ROUTES
    }

    /** Answers, or throws a {@link ProblemException}. */
    @FunctionalInterface
    public interface Work {
        Reply answer(Call call) throws Exception;
    }

    /** Whether the routes that a token is bound to, if it is, allow this: only what changes one of them and nothing else. */
    public boolean isWithinRoutesOf(Token token, String path, @Nullable String routeOfPath) {
        if (!token.isBound() || kind != Kind.WRITE) {
            return true;
        }
        return path.startsWith("/v1/routes/{id}/") && routeOfPath != null && token.mayChange(routeOfPath);
    }

    public boolean isWrite() {
        return kind != Kind.READ;
    }

    public static Operation read(String id, Work work) {
        return new Operation(id, Kind.READ, work);
    }

    public static Operation write(String id, Work work) {
        return new Operation(id, Kind.WRITE, work);
    }

    public static Operation writeOfNamedRoutes(String id, Work work) {
        return new Operation(id, Kind.WRITE_OF_NAMED_ROUTES, work);
    }
}
