package dev.banyan.routing.decide;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Side;
import org.jspecify.annotations.Nullable;

/**
 * A request as each side would get it.
 *
 * @param route its id
 * @param match which of the route's
 * @param legacy null: the route has no such side
 * @param modern null: the route has no such side, or it does not serve the request's format
 */
public record SentToEither(
        String route,
        RequestMatch match,
        @Nullable Sent legacy,
        @Nullable Sent modern) {
    public @Nullable Sent to(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }
}
