package dev.banyan.routing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.NormalPath.Normal;
import dev.banyan.routing.match.NormalPath.Usable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Any bytes as a path: refused, or normal for good, and then without anything that somebody could read otherwise. */
public final class PathFuzz {
    private static final Pattern CUT = Pattern.compile("(?i)(;|%3b)[^/]*");

    private PathFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String raw = new String(input, StandardCharsets.ISO_8859_1);
        for (PathRules rules : PathRules.values()) {
            if (NormalPath.of(raw, rules) instanceof Usable usable) {
                check(raw, usable, rules);
            }
        }
    }

    private static void check(String raw, Usable usable, PathRules rules) {
        String path = usable.path();
        assertThat(NormalPath.of(path, rules)).isEqualTo(usable);
        if (path.equals("*")) {
            return;
        }
        assertThat(PathNormaliser.normalise(path, rules)).as("the long way").isEqualTo(usable);
        // In two steps: a group that is repeated for each byte of a long path takes all of the stack.
        assertThat(path.replaceAll("%[0-9A-F]{2}", "")).matches("/[A-Za-z0-9._~!$&'()*+,;=:@/-]*");
        assertThat(path)
                .doesNotContain("//", "/./", "/../", "%5C", "%00")
                .doesNotEndWith("/.")
                .doesNotEndWith("/..");
        if (rules == PathRules.PLAIN) {
            assertThat(path).doesNotContain("%2F");
        }
        NormalPath.isUtf8(path);
        assertThat(NormalPath.hasDotSegment(path)).isFalse();
        String without = usable.withoutParameters();
        assertThat(NormalPath.of(CUT.matcher(raw).replaceAll(""), rules))
                .as("its parameters cut off before anything else")
                .isEqualTo(new Normal(without == null ? path : without));
    }
}
