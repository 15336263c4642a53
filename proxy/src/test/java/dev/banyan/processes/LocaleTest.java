package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes as people and systemd start them: in any language, in none, and beside files with any name. */
class LocaleTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"tr, TR", "ar, EG"})
    void it_starts_in_any_language_and_commands_print_the_digits_that_everybody_reads(String language, String country)
            throws Exception {
        List<String> locale = List.of("-Duser.language=" + language, "-Duser.country=" + country);
        RunningProxy.Start start = RunningProxy.inFrontOf(directory, 9).file("a.yaml", route("a", "7%"));
        locale.forEach(start::jvm);

        try (RunningProxy proxy = start.start()) {
            assertThat(proxy.health("/readyz").body()).isEqualTo("{\"status\":\"ready\"}");
            assertThat(routes(locale)).contains("revision 1\n", " 7% ", " 0.00 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"C", "C.UTF-8"})
    void files_with_any_name_harm_nobody_in_any_locale(String locale) throws Exception {
        RunningProxy.Start start = RunningProxy.inFrontOf(directory, 9)
                .file("a.yaml", route("a", "1%"))
                .environment("LC_ALL", locale);
        try (RunningProxy proxy = start.start()) {
            make("L\\xc3\\x84S MIG.txt", "x");
            make("caf\\xe9.yaml", "x");
            make("caf\\xc3\\xa9.yaml", route("cafe", "2%"));

            start.file("a.yaml", route("a", "3%"));

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                JsonNode table = table(proxy);
                assertThat(table.at("/routes/0/canary").asInt()).isEqualTo(3);
                assertThat(table.at("/routes/1/id").asText()).isEqualTo("cafe");
                assertThat(table.at("/files/held_back").findValuesAsText("file"))
                        .containsExactly(directory + "/routes/caf%E9.yaml");
                assertThat(table.at("/files").has("not_taken")).isFalse();
            });
            proxy.kill();
        }
        try (RunningProxy again = start.start()) {
            assertThat(table(again).at("/routes")).hasSize(2);
            assertThat(again.health("/readyz").statusCode()).isEqualTo(200);
        }
    }

    private static String route(String id, String canary) {
        return """
                banyan: 1
                upstreams:
                  modern-%s: { url: "http://127.0.0.1:9" }
                routes:
                  %s: { match: [ GET /%s ], legacy: rails, modern: modern-%s, canary: %s }
                """.formatted(id, id, id, id, canary);
    }

    /** By the shell: this JVM may be unable to say such a name. */
    private void make(String name, String text) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-c", "cat > \"$(printf \"$1\")\"", "bash", name)
                .directory(directory.resolve("routes").toFile())
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor()).isZero();
    }

    private static JsonNode table(RunningProxy proxy) throws IOException, InterruptedException {
        return JSON.readTree(proxy.admin("GET", "/v1/table", "").body());
    }

    private String routes(List<String> jvmFlags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(jvmFlags);
        command.add("-Dlogback.configurationFile=dev/banyan/cli/logback.xml");
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.banyan.app.Main",
                "routes",
                "--data=" + directory.resolve("data")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
