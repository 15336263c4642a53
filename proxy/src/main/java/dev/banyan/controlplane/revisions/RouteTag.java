package dev.banyan.controlplane.revisions;

import dev.banyan.routing.FlagsText;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.keys.RouteKeys;

/** The entity tag of one route: changes with its content and its own flags, and with nothing else. */
public final class RouteTag {
    private static final int DIGITS = 16;

    private RouteTag() {}

    /** Without quotes. */
    public static String of(Route route, RouteFlags flags) {
        return Digests.hex(RouteKeys.TABLE.text(route), FlagsText.of(flags)).substring(0, DIGITS);
    }
}
