package dev.banyan.routing.match;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * The route that a request belongs to.
 *
 * @param match the entry of the route's match that won
 * @param canonicalPath the normal path without suffix and, with {@code paths: rails}, without trailing slash
 * @param suffix the format suffix without its dot; null if there is none, or if the pattern itself is written with it. Also whatever
 *     else follows a name's first dot: never a format, then, but empty or with a dot or slash of its own
 */
public record Found(
        Route route,
        RequestMatch match,
        String canonicalPath,
        @Nullable String suffix) {}
