package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory on a disk of its own that is really full. Skipped where nobody may mount one. */
class FullDiskTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void mount() throws Exception {
        data = Files.createDirectory(directory.resolve("data"));
        assumeThat(ran("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", data.toString()))
                .isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        ran("umount", data.toString());
    }

    @Test
    void changes_are_refused_and_told_traffic_goes_on_and_with_room_again_all_is_as_before() throws Exception {
        RunningProxy.Start start = RunningProxy.inFrontOf(directory, 9).file("a.yaml", route("1%"));
        try (RunningProxy proxy = start.start()) {
            fill();

            // More than what is left of the last page of a file, which is its own already.
            start.file("a.yaml", route("2%") + "#".repeat(8 * 1024));

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(table(proxy).at("/files/not_taken").asText()).contains("No space left on device; fix: free");
                assertThat(proxy.health("/readyz").statusCode()).isEqualTo(200);
                assertThat(proxy.metric("banyan_not_kept{what=\"revisions\"}")).isEqualTo(1);
            });
            int percent = 1;
            while (shadow(proxy, percent) != 503) {
                percent++;
            }
            empty();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(table(proxy).at("/routes/0/canary").asInt())
                                    .isEqualTo(2));
            assertThat(shadow(proxy, percent)).isEqualTo(200);
            assertThat(table(proxy).has("not_kept")).isFalse();
            assertThat(table(proxy).at("/files").has("not_taken")).isFalse();
        }
    }

    @Test
    void a_start_on_a_full_disk_serves_the_last_stored_table() throws Exception {
        RunningProxy.Start start = RunningProxy.inFrontOf(directory, 9).file("a.yaml", route("1%"));
        try (RunningProxy proxy = start.start()) {
            proxy.kill();
        }
        fill();

        try (RunningProxy proxy = start.start()) {
            assertThat(proxy.readiness()).isEqualTo(200);
            assertThat(table(proxy).at("/routes/0/canary").asInt()).isEqualTo(1);
        }
    }

    private static String route(String canary) {
        return """
                banyan: 1
                upstreams:
                  modern: { url: "http://127.0.0.1:9" }
                routes:
                  a: { match: [ GET /a ], legacy: rails, modern: modern, canary: %s }
                """.formatted(canary);
    }

    private static int shadow(RunningProxy proxy, int percent) throws IOException, InterruptedException {
        return proxy.admin("PUT", "/v1/routes/a/shadow", "{\"percent\":" + percent + "}")
                .statusCode();
    }

    private static JsonNode table(RunningProxy proxy) throws IOException, InterruptedException {
        return JSON.readTree(proxy.admin("GET", "/v1/table", "").body());
    }

    /** To the last byte. */
    private void fill() throws Exception {
        ran("dd", "if=/dev/zero", "of=" + data.resolve("filler"), "bs=512");
        assertThat(ran("bash", "-c", "echo x > " + data.resolve("more") + " && cat " + data.resolve("more")))
                .isFalse();
    }

    private void empty() throws IOException {
        Files.delete(data.resolve("filler"));
    }

    private static boolean ran(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
