package dev.banyan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart's values, their schema, their documentation and the images agree; helm is not needed for that. */
final class ChartValuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("..");
    private static final Path CHART = ROOT.resolve("helm/banyan");
    private static final Path PAGE = ROOT.resolve("docs/kubernetes.md");
    private static final String TABLE_BEGINS = "<!-- values -->\n";
    private static final String TABLE_ENDS = "<!-- /values -->";
    private static final Pattern MAIN_CLASS = Pattern.compile("(?m)^(dev\\.banyan\\.[A-Za-z.]+)");

    private static JsonNode yaml(String file) throws IOException {
        return JSON.valueToTree(
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(CHART.resolve(file))));
    }

    /** A value that somebody sets, its place among the others and what the schema says of it. */
    private record Value(String key, JsonNode schema, JsonNode standard) {
        String row() {
            return "| `%s` | `%s` | %s |\n"
                    .formatted(key, flow(standard), schema.path("description").asText());
        }

        /** As one would write it on a line. */
        private static String flow(JsonNode node) {
            if (!node.isObject()) {
                return node.isTextual() && !node.asText().isEmpty() ? node.asText() : node.toString();
            }
            List<String> members = new ArrayList<>();
            node.properties().forEach(member -> members.add(member.getKey() + ": " + flow(member.getValue())));
            return members.isEmpty() ? "{}" : "{ " + String.join(", ", members) + " }";
        }
    }

    /** Every leaf: what has a description. */
    private static List<Value> values() throws IOException {
        List<Value> values = new ArrayList<>();
        collect("", JSON.readTree(CHART.resolve("values.schema.json").toFile()), yaml("values.yaml"), values);
        return values;
    }

    private static void collect(String prefix, JsonNode schema, JsonNode standard, List<Value> values) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String key = prefix + property.getKey();
            if (property.getValue().has("description")) {
                values.add(new Value(key, property.getValue(), standard.path(property.getKey())));
            } else {
                collect(key + ".", property.getValue(), standard.path(property.getKey()), values);
            }
        }
    }

    private static List<String> keys(String prefix, JsonNode standard, List<String> leaves) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : standard.properties()) {
            String key = prefix + member.getKey();
            if (leaves.contains(key) || !member.getValue().isObject()) {
                keys.add(key);
            } else {
                keys.addAll(keys(key + ".", member.getValue(), leaves));
            }
        }
        return keys;
    }

    @Test
    void every_value_has_a_default_and_a_place_in_the_schema() throws Exception {
        List<String> described = values().stream().map(Value::key).toList();

        assertThat(keys("", yaml("values.yaml"), described)).containsExactlyElementsOf(described);
    }

    @Test
    void values_yaml_says_of_each_value_what_the_schema_says() throws Exception {
        String file = Files.readString(CHART.resolve("values.yaml")).replaceAll("(?m)^ +", "");

        assertThat(values())
                .allSatisfy(value -> assertThat(file)
                        .contains("# " + value.schema().path("description").asText() + "\n"
                                + value.key().substring(value.key().lastIndexOf('.') + 1) + ":"));
    }

    @Test
    void the_table_of_values_is_made_from_the_schema() throws Exception {
        String page = Files.readString(PAGE);
        StringBuilder table = new StringBuilder("\n| value | default | |\n|---|---|---|\n");
        values().forEach(value -> table.append(value.row()));
        String told = page.substring(0, page.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length())
                + table
                + page.substring(page.indexOf(TABLE_ENDS));
        if ("write".equals(System.getProperty("banyan.docs"))) {
            Files.writeString(PAGE, told);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(told);
    }

    @Test
    void the_chart_installs_the_version_that_is_built() throws Exception {
        Matcher version =
                Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(yaml("Chart.yaml").path("appVersion").asText()).isEqualTo(version.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "legacy-stub-rails", "new-services/accounts", "new-services/transactions"})
    void an_image_starts_a_main_class_that_is_there(String module) throws Exception {
        String start = Files.readString(ROOT.resolve(module).resolve("src/main/jib/app/start"));

        Matcher main = MAIN_CLASS.matcher(start);
        assertThat(main.find()).isTrue();
        assertThat(ROOT.resolve(module).resolve("src/main/java/" + main.group(1).replace('.', '/') + ".java"))
                .exists();
        assertThat(Files.readString(ROOT.resolve("Dockerfile"))).contains(module);
        assertThat(Files.readString(ROOT.resolve(module).resolve("pom.xml"))).contains("<jib.skip>false</jib.skip>");
    }
}
