package dev.banyan.routing.decide;

import org.jspecify.annotations.Nullable;

/**
 * A request as one side gets it.
 *
 * @param upstream id of the upstream
 * @param method the effective method to modern, the wire method to legacy
 * @param path percent-encoded, without query
 * @param acceptFromSuffix the media type that a format suffix asked modern for; null: leave Accept alone
 * @param dropMethodOverride leave X-HTTP-Method-Override out: the method says it already
 */
public record Sent(
        String upstream,
        String method,
        String path,
        @Nullable String acceptFromSuffix,
        boolean dropMethodOverride) {}
