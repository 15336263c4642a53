package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.settings.TableSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data directory that an earlier version left, as it was: every later version starts with it, and its table means what it meant.
 * Nothing under {@code data-of-*} is ever changed; a version that writes another format adds a directory of its own.
 */
class KeptDataTest {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/banyan/app");
    private static final Path FIRST = RESOURCES.resolve("data-of-0.1");

    /** Texts are stored in parts, which revisions share. */
    private static final Path PARTS = RESOURCES.resolve("data-of-parts");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void the_first_version_s_data_starts_with_its_table_its_flags_and_its_history() throws Exception {
        try (BanyanProxy proxy = start(FIRST)) {
            assertThat(proxy.address()).isPresent();

            JsonNode table = get(FIRST, proxy, "/v1/table");
            assertThat(table.path("revision").asInt()).isEqualTo(9);
            assertThat(table.path("paths").asText()).isEqualTo("plain");
            assertThat(table.path("freeze").path("reason").asText()).isEqualTo("all of it");

            JsonNode revisions = get(FIRST, proxy, "/v1/revisions").path("revisions");
            assertThat(revisions).hasSize(9);
            assertThat(revisions.get(3).path("reason").asText()).isEqualTo("start over");
        }
    }

    @Test
    void what_the_first_version_s_routes_left_to_the_defaults_of_then_has_not_changed() throws Exception {
        try (BanyanProxy proxy = start(FIRST)) {
            JsonNode route = get(FIRST, proxy, "/v1/routes/transactions");
            assertThat(route.path("canary").asInt()).isEqualTo(30);
            assertThat(route.path("base").path("canary").asInt()).isEqualTo(26);
            assertThat(route.path("cohort").asText()).isEqualTo("transactions");
            assertThat(route.path("fence").asText()).isEqualTo("10s");
            assertThat(texts(route.path("stick_by"))).containsExactly("user", "cookie");
            assertThat(texts(route.path("formats"))).containsExactly("json");
            assertThat(texts(route.path("fallback").path("statuses"))).containsExactly("502", "503", "504");
            assertThat(texts(route.path("shadowing").path("methods"))).containsExactly("GET", "HEAD");
            assertThat(route.path("hold_body").asText()).isEqualTo("64KiB");

            JsonNode upstream = upstream(FIRST, proxy, "transactions");
            assertThat(upstream.path("balance").asText()).isEqualTo("least-requests");
            assertThat(upstream.path("timeouts").path("response").asText()).isEqualTo("15s");
            assertThat(upstream.path("keep_alive").asText()).isEqualTo("15s");
            assertThat(upstream.path("limits").path("concurrent").asInt()).isEqualTo(512);
            assertThat(upstream.path("breaker").path("over").asInt()).isEqualTo(100);
            assertThat(upstream.path("outlier").path("errors").asInt()).isEqualTo(5);
        }
    }

    @Test
    void texts_that_are_stored_in_parts_are_put_together_again() throws Exception {
        try (BanyanProxy proxy = start(PARTS)) {
            assertThat(get(PARTS, proxy, "/v1/table").path("revision").asInt()).isEqualTo(3);
            JsonNode flagged = get(PARTS, proxy, "/v1/routes/things-7");
            assertThat(flagged.path("canary").asInt()).isEqualTo(55);
            assertThat(flagged.path("base").path("canary").asInt()).isEqualTo(7);
            assertThat(texts(get(PARTS, proxy, "/v1/routes/things-20").path("match")))
                    .containsExactly("GET /elsewhere", "POST /things/20");
            assertThat(get(PARTS, proxy, "/v1/revisions").path("revisions")).hasSize(3);
        }
    }

    private static List<String> texts(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                .map(i -> array.get(i).asText())
                .toList();
    }

    private BanyanProxy start(Path kept) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.list(kept)) {
            for (Path file : files.toList()) {
                Path copy = Files.copy(file, data.resolve(file.getFileName()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            }
        }
        AdminSettings.Address anyPort = new AdminSettings.Address("127.0.0.1", 0);
        return BanyanProxy.start(
                new ProxySettings(
                        data,
                        directory.resolve("routes"),
                        TableSource.API,
                        new DataPlane.Settings(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                1,
                                false,
                                ClientTimeouts.DEFAULT,
                                Optional.empty()),
                        new AdminSettings(anyPort, anyPort, List.of(), false, Optional.empty())),
                Clock.systemUTC());
    }

    private static JsonNode upstream(Path kept, BanyanProxy proxy, String id) throws Exception {
        for (JsonNode upstream : get(kept, proxy, "/v1/upstreams").path("upstreams")) {
            if (upstream.path("id").asText().equals(id)) {
                return upstream;
            }
        }
        throw new AssertionError("no upstream " + id);
    }

    private static JsonNode get(Path kept, BanyanProxy proxy, String path) throws Exception {
        String token = Files.readString(kept.resolve("admin.token")).strip();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
