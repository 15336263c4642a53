package dev.banyan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.ExitCode;
import dev.banyan.cli.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The routing table that the chart puts into a ConfigMap. */
final class ChartRoutesTest {
    private static final Path ROUTES = Path.of("../routes");
    private static final Path PAGE = Path.of("../docs/kubernetes.md");
    private static final Pattern ADDRESS = Pattern.compile("http://(banyan-[a-z]+):([0-9]+)");
    private static final Pattern VALUES = Pattern.compile("(?s)```yaml\n(# values.yaml\n.*?)```");

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private Helm helm;

    @BeforeEach
    void fetched() {
        helm = new Helm(directory);
    }

    /** {@code banyan validate} on the mounted ConfigMap. */
    private int validate(Rendered rendered) throws Exception {
        Path mounted = rendered.mountRoutes(Files.createTempDirectory(directory, "routes"));
        Surroundings surroundings = new Surroundings(
                new PrintWriter(out), new PrintWriter(out), Map.of(), false, directory, Clock.systemUTC());
        return BanyanCommand.run(
                surroundings,
                options -> ExitCode.BAD_USAGE,
                options -> ExitCode.BAD_USAGE,
                "validate",
                mounted.toString());
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void the_rendered_config_map_passes_banyan_validate(String values) throws Exception {
        assertThat(validate(helm.render(values))).as(out.toString()).isZero();
        assertThat(out.toString()).doesNotContain("warning").contains(": valid");
    }

    @Test
    void without_routes_everything_goes_to_the_monolith() throws Exception {
        assertThat(helm.render("monolith: { url: \"http://rails.legacy:3000\" }")
                        .routes())
                .containsOnlyKeys("00-platform.yaml")
                .hasEntrySatisfying(
                        "00-platform.yaml",
                        file -> assertThat(file).contains("default: rails", "\"http://rails.legacy:3000\""));
    }

    @Test
    void the_example_is_the_one_in_the_repository_with_services_for_addresses() throws Exception {
        Map<String, String> shipped = new HashMap<>();
        try (Stream<Path> files = Files.list(ROUTES)) {
            for (Path file : files.toList()) {
                shipped.put(file.getFileName().toString(), Files.readString(file));
            }
        }

        Map<String, String> rendered =
                new HashMap<>(helm.render(Variants.EXAMPLE).routes());

        rendered.replaceAll((name, text) -> ADDRESS.matcher(text).replaceAll("http://127.0.0.1:$2"));
        assertThat(rendered).isEqualTo(shipped);
    }

    @Test
    void every_upstream_of_the_example_is_a_service() throws Exception {
        Rendered rendered = helm.render(Variants.EXAMPLE);

        String table = String.join("", rendered.routes().values());
        List<MatchResult> addresses = ADDRESS.matcher(table).results().toList();
        assertThat(table).doesNotContain("127.0.0.1");
        assertThat(addresses).hasSize(3).allSatisfy(address -> {
            JsonNode port = rendered.one("Service", address.group(1)).at("/spec/ports/0");
            assertThat(port.path("port").asText()).isEqualTo(address.group(2));
            assertThat(rendered.one("Deployment", address.group(1))
                            .at("/spec/template/spec/containers/0/ports/0")
                            .toString())
                    .isEqualTo("{\"name\":\"http\",\"containerPort\":" + address.group(2) + "}");
        });
    }

    @Test
    void a_file_of_ones_own_stands_beside_those_of_the_example_or_replaces_one() throws Exception {
        Map<String, String> files = helm.render("""
                        example: { enabled: true }
                        routes:
                          accounts.yaml: "banyan: 1\\n"
                          goals.yaml: "banyan: 1\\n"
                        """).routes();

        assertThat(files)
                .containsOnlyKeys("00-platform.yaml", "accounts.yaml", "goals.yaml", "transactions.yaml")
                .containsEntry("accounts.yaml", "banyan: 1\n");
    }

    @Test
    void a_config_map_of_ones_own_is_mounted_instead() throws Exception {
        Rendered rendered = helm.render("routesConfigMap: squads");

        assertThat(rendered.all("ConfigMap"))
                .extracting(map -> map.at("/metadata/name").asText())
                .containsExactly("banyan-settings");
        assertThat(rendered.proxyPod().path("volumes").toString())
                .contains("{\"name\":\"routes\",\"configMap\":{\"name\":\"squads\"}}");
    }

    @Test
    void every_values_file_in_the_documentation_installs() throws Exception {
        Matcher block = VALUES.matcher(Files.readString(PAGE));
        List<String> seen = new ArrayList<>();
        while (block.find()) {
            seen.add(block.group(1));
            Rendered rendered = helm.render(block.group(1));
            if (!block.group(1).contains("routesConfigMap")) {
                assertThat(validate(rendered)).as(out.toString()).isZero();
            }
        }
        assertThat(seen).isNotEmpty();
    }
}
