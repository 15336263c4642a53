package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.settings.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever sees a route sees who owns it. */
class SquadTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void a_squad_is_shown_by_the_api_and_the_metrics_and_told_when_it_changes() throws Exception {
        try (TestProxy proxy = new TestProxy(directory, TableSource.FILES)) {
            proxy.write("transactions.yaml", owned(proxy, "payments"));
            await().untilAsserted(() -> assertThat(squad(proxy)).isEqualTo("payments"));

            assertThat(metrics(proxy)).contains("banyan_route_info{route=\"transactions\",squad=\"payments\"} 1\n");
            JsonNode planned = plan(proxy, owned(proxy, "money in"));
            assertThat(planned.path("squad").asText()).isEqualTo("money in");
            assertThat(planned.path("lines").toString()).contains("squad payments -> money in");

            proxy.write("transactions.yaml", owned(proxy, "money in"));
            await().untilAsserted(() -> assertThat(squad(proxy)).isEqualTo("money in"));
            assertThat(metrics(proxy))
                    .contains("banyan_route_info{route=\"transactions\",squad=\"money in\"} 1\n")
                    .doesNotContain("squad=\"payments\"");
        }
    }

    @Test
    void a_route_without_a_squad_has_none_anywhere() throws Exception {
        try (TestProxy proxy = new TestProxy(directory, TableSource.FILES)) {
            assertThat(squad(proxy)).isEmpty();
            assertThat(metrics(proxy)).doesNotContain("banyan_route_info{");
        }
    }

    private static String owned(TestProxy proxy, String squad) throws IOException {
        return proxy.transactionsYaml("25%") + "    squad: " + squad + "\n";
    }

    private static String squad(TestProxy proxy) throws Exception {
        return JSON.readTree(proxy.admin("GET", "/v1/routes/transactions", "").body())
                .path("squad")
                .asText();
    }

    private static String metrics(TestProxy proxy) throws Exception {
        return proxy.admin("GET", "/metrics", "").body();
    }

    private static JsonNode plan(TestProxy proxy, String transactions) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("files")
                .put("transactions.yaml", transactions)
                .put("00-platform.yaml", Files.readString(proxy.routes().resolve("00-platform.yaml")));
        return JSON.readTree(proxy.admin("POST", "/v1/plan", body.toString()).body())
                .path("routes")
                .path(0);
    }
}
