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
    private static final Path KEPT = Path.of("src/test/resources/dev/banyan/app/data-of-0.1");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void the_first_version_s_data_starts_with_its_table_its_flags_and_its_history() throws Exception {
        try (BanyanProxy proxy = start()) {
            assertThat(proxy.address()).isPresent();

            JsonNode table = get(proxy, "/v1/table");
            assertThat(table.path("revision").asInt()).isEqualTo(9);
            assertThat(table.path("paths").asText()).isEqualTo("plain");
            assertThat(table.path("freeze").path("reason").asText()).isEqualTo("all of it");

            JsonNode revisions = get(proxy, "/v1/revisions").path("revisions");
            assertThat(revisions).hasSize(9);
            assertThat(revisions.get(3).path("reason").asText()).isEqualTo("start over");
        }
    }

    @Test
    void what_the_first_version_s_routes_left_to_the_defaults_of_then_has_not_changed() throws Exception {
        try (BanyanProxy proxy = start()) {
            JsonNode route = get(proxy, "/v1/routes/transactions");
            assertThat(route.path("canary").asInt()).isEqualTo(30);
            assertThat(route.path("base").path("canary").asInt()).isEqualTo(26);
            assertThat(route.path("cohort").asText()).isEqualTo("transactions");
            assertThat(route.path("fence").asText()).isEqualTo("10s");
            assertThat(texts(route.path("stick_by"))).containsExactly("user", "cookie");
            assertThat(texts(route.path("formats"))).containsExactly("json");
            assertThat(texts(route.path("fallback").path("statuses"))).containsExactly("502", "503", "504");
            assertThat(texts(route.path("shadowing").path("methods"))).containsExactly("GET", "HEAD");
            assertThat(route.path("hold_body").asText()).isEqualTo("64KiB");

            JsonNode upstream = upstream(proxy, "transactions");
            assertThat(upstream.path("balance").asText()).isEqualTo("least-requests");
            assertThat(upstream.path("timeouts").path("response").asText()).isEqualTo("15s");
            assertThat(upstream.path("keep_alive").asText()).isEqualTo("15s");
            assertThat(upstream.path("limits").path("concurrent").asInt()).isEqualTo(512);
            assertThat(upstream.path("breaker").path("over").asInt()).isEqualTo(100);
            assertThat(upstream.path("outlier").path("errors").asInt()).isEqualTo(5);
        }
    }

    private static List<String> texts(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                .map(i -> array.get(i).asText())
                .toList();
    }

    private BanyanProxy start() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.list(KEPT)) {
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
                        new AdminSettings(anyPort, anyPort, data, List.of(), false, Optional.empty())),
                Clock.systemUTC());
    }

    private static JsonNode upstream(BanyanProxy proxy, String id) throws Exception {
        for (JsonNode upstream : get(proxy, "/v1/upstreams").path("upstreams")) {
            if (upstream.path("id").asText().equals(id)) {
                return upstream;
            }
        }
        throw new AssertionError("no upstream " + id);
    }

    private static JsonNode get(BanyanProxy proxy, String path) throws Exception {
        String token = Files.readString(KEPT.resolve("admin.token")).strip();
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
