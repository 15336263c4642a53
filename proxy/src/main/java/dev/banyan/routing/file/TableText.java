package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.PathRules;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A merged table as one file: every value that is not the default, ids sorted. Reading it gives an equal table. */
public final class TableText {
    private TableText() {}

    public static String write(BaseTable table) {
        YamlBlock file = new YamlBlock().raw("banyan", "1").text("default", table.defaultUpstream());
        if (table.paths() != PathRules.RAILS) {
            file.raw("paths", "plain");
        }
        file.block(
                "upstreams",
                upstreams -> table.upstreams()
                        .forEach((id, upstream) -> upstreams.block(id, block -> UpstreamText.write(upstream, block))));
        file.block(
                "routes",
                routes -> table.routes()
                        .forEach((id, route) -> routes.block(id, block -> RouteText.write(route, block))));
        return file.toString();
    }

    /** SHA-256 of the text, as lower-case hex: equal for equal tables, however many files they came from. */
    public static String digest(BaseTable table) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(write(table).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
