package dev.banyan.controlplane.admin.views;

import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.RouteTag;
import dev.banyan.routing.RouteInForce;
import org.jspecify.annotations.Nullable;

/** What ETag and If-Match carry (RFC 9110, 8.8.3), without quotes. A table's is the number of its revision. */
public final class EntityTags {
    private EntityTags() {}

    /** Whether both say the same of a route, so that its tag is the same. */
    public static boolean sameRoute(Revision one, Revision other, String route) {
        @Nullable RouteInForce in = one.table().routes().get(route);
        @Nullable RouteInForce inOther = other.table().routes().get(route);
        if (in == null || inOther == null) {
            return in == null && inOther == null;
        }
        return in.route().equals(inOther.route())
                && one.table().flags().of(route).equals(other.table().flags().of(route));
    }

    /** Another one only when the route or its flags are; {@code none} if there is no such route. */
    public static String ofRoute(Revision revision, String route) {
        @Nullable RouteInForce found = revision.table().routes().get(route);
        return found == null
                ? "none"
                : RouteTag.of(found.route(), revision.table().flags().of(route));
    }
}
