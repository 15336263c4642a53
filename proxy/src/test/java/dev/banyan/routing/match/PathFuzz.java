package dev.banyan.routing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.NormalPath.Normal;
import java.nio.charset.StandardCharsets;

/** Any bytes as a path: refused, or normal for good, and then without anything that somebody could read otherwise. */
public final class PathFuzz {
    private PathFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String raw = new String(input, StandardCharsets.ISO_8859_1);
        for (PathRules rules : PathRules.values()) {
            if (NormalPath.of(raw, rules) instanceof Normal normal) {
                check(raw, normal.path(), rules);
            }
        }
    }

    private static void check(String raw, String path, PathRules rules) {
        assertThat(NormalPath.of(path, rules)).isEqualTo(new Normal(path));
        if (path.equals("*")) {
            return;
        }
        assertThat(PathNormaliser.normalise(path, rules)).as("the long way").isEqualTo(new Normal(path));
        assertThat(path)
                .matches("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*")
                .doesNotContain("//", "/./", "/../", "%5C", "%00")
                .doesNotEndWith("/.")
                .doesNotEndWith("/..");
        if (rules == PathRules.PLAIN) {
            assertThat(path).doesNotContain("%2F");
        }
        NormalPath.isUtf8(path);
        assertThat(NormalPath.of(NormalPath.withDotSegments(raw), PathRules.RAILS))
                .as("its dot segments resolved later")
                .isEqualTo(new Normal(path));
    }
}
