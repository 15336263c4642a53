package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever opens an example in an editor gets completion and checks without doing anything. */
class SchemaForEditorsTest {
    private static final Path EXAMPLES = Path.of("../routes");
    private static final Path SCHEMA = Path.of("src/main/resources/dev/banyan/routing/file/routes.schema.json");
    private static final String NAMES = "# yaml-language-server: $schema=";

    @Test
    void every_example_names_the_schema_in_its_first_line_by_a_path_that_leads_there() throws IOException {
        List<Path> examples;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            examples = files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }

        assertThat(examples).isNotEmpty();
        for (Path example : examples) {
            String first = Files.readAllLines(example).get(0);
            assertThat(first).as(example.toString()).startsWith(NAMES);
            assertThat(example.resolveSibling(first.substring(NAMES.length())).toRealPath())
                    .as(example.toString())
                    .isEqualTo(SCHEMA.toRealPath());
        }
    }
}
