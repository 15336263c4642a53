package dev.banyan.controlplane.revisions;

import dev.banyan.routing.FlagsText;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.keys.RouteKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The entity tag of one route: changes with its content and its own flags, and with nothing else. */
public final class RouteTag {
    private RouteTag() {}

    /** Without quotes. */
    public static String of(Route route, RouteFlags flags) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((RouteKeys.TABLE.text(route) + "\n" + FlagsText.of(flags))
                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
