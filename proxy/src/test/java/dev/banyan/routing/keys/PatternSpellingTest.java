package dev.banyan.routing.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.NormalPath;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Value;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A pattern that requests are never spelt as would silently send users past a migrated route. */
class PatternSpellingTest {
    private static final List<String> PIECES = List.of(
            "/", "//", "a", "B", "7", ".", "..", "~", "-", ";", "%2e", "%2E", "%41", "%2F", "%2f", "%5C", "%5c", "%00",
            "%3B", "%3b", "%C3%A9", "%c3%a9", "%", "%z", "@", "!", "|", "\"", "^", "`", "<", "+", "%20", "%7E", "%25",
            "=", "&", "$", "'", ",");

    @Property(tries = 2000)
    void a_literal_pattern_is_taken_exactly_where_a_request_may_be_spelt_so(@ForAll("paths") String path) {
        Problems problems = new Problems("routes/a.yaml");
        Value value = Value.keyed(problems, "match", new ScalarNode(Tag.STR, path, ScalarStyle.DOUBLE_QUOTED));

        boolean taken = PatternReader.read(value, path).isPresent();

        NormalPath normal = NormalPath.of(path, PathRules.RAILS);
        assertThat(taken)
                .as(() -> path + " " + problems.errors())
                .isEqualTo(normal instanceof NormalPath.Usable usable
                        && usable.path().equals(path));
    }

    @Property(tries = 2000)
    void the_spelling_that_is_told_instead_is_the_one_that_requests_get(@ForAll("paths") String path) {
        Problems problems = new Problems("routes/a.yaml");
        Value value = Value.keyed(problems, "match", new ScalarNode(Tag.STR, path, ScalarStyle.DOUBLE_QUOTED));

        PatternReader.read(value, path);

        if (NormalPath.of(path, PathRules.RAILS) instanceof NormalPath.Usable normal
                && !normal.path().equals(path)
                && normal.path().length() < 60) {
            assertThat(problems.errors()).extracting(Problem::fix).containsExactly("write " + normal.path());
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(PIECES).list().ofMaxSize(10).map(pieces -> "/" + String.join("", pieces));
    }
}
