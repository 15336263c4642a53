package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What an editor says while typing is what the proxy says of the file, as far as a schema can say it. */
class SchemaTest {

    /** By what the parser says: what no schema can express, or not without becoming unreadable. */
    private static final List<Pattern> BEYOND_A_SCHEMA = Stream.of(
                    // Below the level of data. (What is no YAML at all never gets as far as a schema.)
                    "stands here twice",
                    "merge keys",
                    "a key that is no word",
                    "tagged",
                    // Ranges of values that carry a unit.
                    "is too (short|long|little|much)",
                    "is no (port|host|whole number|day)",
                    "no host name",
                    "no host and port",
                    "names no host",
                    "is not understood",
                    "0% (would let everything pass|is where every ramp begins)",
                    // One key or value against another.
                    "is not more than the step before",
                    "is listed twice",
                    "some are http and some https",
                    "h2c? is HTTP/2",
                    "there is no TLS to an address",
                    "is an address, not a name",
                    "is the legacy side too",
                    "of the users would go to modern, and there is no modern",
                    "has no writes",
                    "needs the (legacy|modern) side",
                    "would write a second time",
                    "could be written twice",
                    "would be written to legacy a second time",
                    "legacy does not hold what is written",
                    "has (names that no match has|/\\*\\*$)",
                    "uses .* which the match",
                    "could be more than one thing",
                    // The grammar of paths and methods.
                    "there is no method",
                    "is no method",
                    "is never sent to an upstream",
                    "is not in normal form",
                    "is refused in any path",
                    "starts no escape",
                    "braces that are no name",
                    "has \\{.*} twice",
                    "before its end",
                    "a segment in the way of Rails",
                    "has a \\* that stands for nothing",
                    "has an optional part",
                    "a space or a control character",
                    "is longer than")
            .map(Pattern::compile)
            .toList();

    private static final Schema SCHEMA = schema();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> the_schema_says_of_each_case_what_the_parser_says() {
        return Cases.all().stream()
                .flatMap(table -> table.files().entrySet().stream()
                        .map(file -> DynamicTest.dynamicTest(
                                table.name() + " " + file.getKey(), () -> agree(file.getValue()))));
    }

    @Property(tries = 100)
    void the_schema_takes_every_good_table(@ForAll long seed) {
        String text = TableText.file(Tables.ofSeed(seed));

        assertThat(errors(data(text).orElseThrow())).as(text).isEmpty();
    }

    @Property(tries = 500)
    void the_schema_and_the_parser_agree_on_tables_with_a_value_changed(@ForAll long seed) {
        agree(changed(TableText.file(Tables.ofSeed(seed)), new Random(seed)));
    }

    /** One value of a random line, or of a list in it, is replaced by one of another kind. */
    private static String changed(String text, Random random) {
        List<String> others = List.of(
                "5",
                "5%",
                "105%",
                "0.001%",
                "-1",
                "15s",
                "15 s",
                "0s",
                "64KiB",
                "64KB",
                "off",
                "on",
                "true",
                "null",
                "\"\"",
                "[]",
                "{}",
                "[ 5% ]",
                "{ share: 5% }",
                "\"http://a:1\"",
                "\"ftp://a\"",
                "a",
                "A",
                "GET /a",
                "/a",
                "\"user:1\"",
                "1.5x",
                "3/s",
                "\"5\"",
                "+5%",
                "$.a",
                "\"header:X\"");
        String[] lines = text.split("\n", -1);
        int at = random.nextInt(1, lines.length - 1);
        String other = others.get(random.nextInt(others.size()));
        lines[at] = random.nextBoolean() && lines[at].contains("[ ")
                ? lines[at].replaceFirst("\\[ [^ ,]+", "[ " + java.util.regex.Matcher.quoteReplacement(other))
                : lines[at].replaceFirst("(: |- ).*", "$1" + java.util.regex.Matcher.quoteReplacement(other));
        return String.join("\n", lines);
    }

    private static void agree(String text) {
        List<Problem> problems = FileReader.read("routes/a.yaml", text).problems();
        if (problems.stream().anyMatch(problem -> problem.what().startsWith("its aliases"))) {
            // An editor would not live to check it.
            return;
        }
        Optional<JsonNode> data = data(text);
        if (data.isEmpty()) {
            assertThat(problems).isNotEmpty();
            return;
        }
        List<Error> errors = errors(data.get());

        if (!errors.isEmpty()) {
            assertThat(problems)
                    .as("the schema alone says " + errors + " of\n" + text)
                    .isNotEmpty();
        } else {
            assertThat(problems.stream().filter(SchemaTest::isForASchema).toList())
                    .as("only the parser says so of\n" + text)
                    .isEmpty();
        }
    }

    private static boolean isForASchema(Problem problem) {
        return BEYOND_A_SCHEMA.stream()
                .noneMatch(pattern -> pattern.matcher(problem.what()).find());
    }

    /** Empty where there is no data to check: the text is not one YAML document. */
    private static Optional<JsonNode> data(String text) {
        try {
            Object data = new Load(LoadSettings.builder()
                            .setAllowDuplicateKeys(true)
                            // In one piece, as YamlDocument reads it: the engine fails where its buffer's edge parts a
                            // surrogate pair.
                            .setBufferSize(text.length() + 1)
                            .build())
                    .loadFromString(text);
            return data == null ? Optional.empty() : Optional.of(JSON.valueToTree(data));
        } catch (YamlEngineException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Error> errors(JsonNode data) {
        return SCHEMA.validate(data);
    }

    private static Schema schema() {
        try (InputStream in = Objects.requireNonNull(RoutesFiles.class.getResourceAsStream("routes.schema.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
