package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read files and need no proxy. */
final class FilesTest {
    private static final Path EXAMPLE = Path.of("..", "routes");

    @TempDir
    private Path dir;

    @Test
    void the_examples_table_is_valid_and_what_is_not_in_force_yet_is_named() {
        CommandRun run = CommandRun.of("validate", EXAMPLE.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).endsWith("routes: 3 files, 2 routes, 3 upstreams: valid\n");
        assertThat(run.out().lines())
                .filteredOn(line -> !line.startsWith("note: "))
                .hasSize(1);
    }

    @Test
    void every_problem_of_every_file_goes_to_standard_output_and_a_summary_to_standard_error() throws Exception {
        copyExample();
        replace("accounts.yaml", "canary: 0%", "canary: 105%");
        replace("transactions.yaml", "writes: legacy", "writes: legcy");

        CommandRun run = CommandRun.of("validate", dir.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines())
                .anyMatch(line ->
                        line.startsWith(dir + "/accounts.yaml:17:13: canary: 105% is more than the whole; fix: "))
                .anyMatch(line -> line.startsWith(dir + "/transactions.yaml:19:13: ") && line.contains("; fix: "));
        assertThat(run.err()).startsWith("banyan: 2 problems in 3 files: ");
    }

    @Test
    void a_file_of_cas_that_is_no_good_here_is_a_warning() throws Exception {
        Path broken = Files.writeString(dir.resolve("ca.pem"), "no PEM");
        Files.writeString(dir.resolve("a.yaml"), """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "https://rails.test", tls: { ca: "%s" } }
                  other: { url: "https://other.test", tls: { ca: /nowhere/ca.pem } }
                """.formatted(broken));

        CommandRun run = CommandRun.of("validate", dir.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .contains("warning: /nowhere/ca.pem: is not there; fix: write it, or name another")
                .anyMatch(line -> line.startsWith("warning: " + broken + ": ") && line.contains("; fix: "));
    }

    @Test
    void with_json_every_problem_has_its_place_and_the_lists_are_there_even_if_empty() throws Exception {
        copyExample();

        assertThat(CommandRun.of("validate", dir.toString(), "--json").out())
                .contains("\"valid\" : true", "\"problems\" : [ ]", "\"warnings\" : [ ]", "\"not_in_force\" : [");

        replace("accounts.yaml", "canary: 0%", "canary: 105%");

        assertThat(CommandRun.of("validate", dir.toString(), "--json").out())
                .contains("\"valid\" : false", "\"line\" : 17", "\"column\" : 13", "\"fix\" : ");
    }

    @Test
    void a_file_that_is_no_text_is_a_problem_of_that_file() throws Exception {
        copyExample();
        Files.write(dir.resolve("accounts.yaml"), new byte[] {'a', '\n', (byte) 0xff});

        CommandRun run = CommandRun.of("validate", dir.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(dir + "/accounts.yaml:2:1: not UTF-8");
    }

    @Test
    void a_directory_that_is_missing_or_empty_is_told_with_what_to_do() {
        assertThat(CommandRun.of("validate", dir.resolve("none").toString()).err())
                .startsWith("banyan: " + dir.resolve("none") + ": ")
                .contains("\n  fix: ");
        assertThat(CommandRun.of("validate", dir.toString()).err())
                .startsWith("banyan: " + dir + ": no *.yaml in it\n  fix: ");
        assertThat(CommandRun.of("validate", dir.toString()).exitCode()).isEqualTo(1);
    }

    @Test
    void explain_against_files_tells_route_side_and_every_step() {
        CommandRun run =
                CommandRun.of("explain", "GET /api/transactions/42", "--user", "7", "--routes", EXAMPLE.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("""
                        route     transactions
                        side      legacy
                        upstream  rails
                        reason    canary
                        bucket    9378
                        """).contains("\n\n 1. path: /api/transactions/42\n");
    }

    @Test
    void explain_looks_at_headers_as_the_proxy_does() {
        CommandRun run = CommandRun.of(
                "explain",
                "http://example.com/api/transactions/?page=2",
                "--header",
                "X-User-Id: 4",
                "--routes",
                EXAMPLE.toString(),
                "--json");

        assertThat(run.out())
                .contains("\"side\" : \"modern\"", "\"bucket\" : 1400", "\"path\" : \"/api/transactions\"");
    }

    @Test
    void explain_against_files_tells_refusals_and_refuses_broken_files() throws Exception {
        assertThat(CommandRun.of("explain", "GET /a%00", "--routes", EXAMPLE.toString())
                        .out())
                .startsWith("reason    bad-path\nrefused   400: ");
        copyExample();
        replace("accounts.yaml", "canary: 0%", "canary: 105%");

        CommandRun run = CommandRun.of("explain", "GET /", "--routes", dir.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        dir + ": not a valid table: " + dir + "/accounts.yaml:17:13: ",
                        "\n  fix: see all problems with `banyan validate " + dir + "`");
    }

    private void copyExample() throws IOException {
        try (var files = Files.list(EXAMPLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, dir.resolve(file.getFileName()));
            }
        }
    }

    private void replace(String file, String from, String to) throws IOException {
        String text = Files.readString(dir.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(dir.resolve(file), text.replace(from, to));
    }
}
