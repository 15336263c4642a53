package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {
    @TempDir
    Path data;

    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.in(data);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void readiness_fails_with_the_reason_while_liveness_stays() throws Exception {
        admin.unready = Optional.of("draining");

        for (int port : new int[] {admin.port(), admin.healthPort()}) {
            HttpResponse<String> ready = admin.sendWithoutToken(port, "GET", "/readyz");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(TestAdmin.json(ready).path("detail").asText()).isEqualTo("draining");
            assertThat(admin.sendWithoutToken(port, "GET", "/livez").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void liveness_fails_with_the_thread_that_stands_still() throws Exception {
        admin.stalled = Optional.of("event loop 0 has not moved for more than 5 s");

        for (int port : new int[] {admin.port(), admin.healthPort()}) {
            HttpResponse<String> live = admin.sendWithoutToken(port, "GET", "/livez");

            assertThat(live.statusCode()).isEqualTo(503);
            assertThat(TestAdmin.json(live).path("detail").asText()).startsWith("event loop 0 has not moved");
            assertThat(TestAdmin.json(live).path("fix").asText()).startsWith("restart it");
        }
    }

    @Test
    void what_is_held_back_is_the_detail_of_readiness_and_a_metric_without_the_content_of_a_file() throws Exception {
        admin.revisions.files(Map.of("money.yaml", "good", "oops.yaml", "bad"));

        HttpResponse<String> ready = admin.sendWithoutToken(admin.healthPort(), "GET", "/readyz");

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("{\"status\":\"ready\",\"detail\":[\"oops.yaml is held back\"]}");
        assertThat(admin.meters.scrape())
                .contains("banyan_files_held_back 1.0", "banyan_files_waiting 0.0", "banyan_files_not_taken 0.0");
    }

    @Test
    void what_the_store_cannot_keep_is_told_wherever_one_looks_and_no_longer_once_it_can() throws Exception {
        admin.revisions.diskIsFull(true);
        HttpResponse<String> refused = admin.put("/v1/routes/transactions/canary", "{\"percent\":1,\"reason\":\"x\"}");

        HttpResponse<String> ready = admin.sendWithoutToken(admin.healthPort(), "GET", "/readyz");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(TestAdmin.json(refused).path("fix").asText()).startsWith("free some of the disk");
        assertThat(ready.body()).isEqualTo("{\"status\":\"ready\",\"detail\":[\"no change can be stored\"]}");
        for (String view : List.of("/v1/table", "/v1/routes")) {
            assertThat(TestAdmin.json(admin.get(view)).path("not_kept").toString())
                    .as(view)
                    .contains("no change can be stored: No space left on device; fix: free some of the disk");
        }
        assertThat(admin.meters.scrape())
                .contains("banyan_not_kept{what=\"revisions\"} 1.0", "banyan_not_kept{what=\"audit\"} 0.0");
        admin.revisions.diskIsFull(false);
        assertThat(admin.put("/v1/routes/transactions/canary", "{\"percent\":1,\"reason\":\"x\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(TestAdmin.json(admin.get("/v1/table")).has("not_kept")).isFalse();
    }

    @Test
    void the_health_listener_answers_to_any_name() throws Exception {
        HttpResponse<String> response =
                admin.sendWithoutToken(admin.healthPort(), "GET", "/readyz", "Origin", "http://evil.example");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_come_as_text_or_as_OpenMetrics_to_those_who_accept_it() throws Exception {
        admin.meters.counter("things.done").increment();

        HttpResponse<String> text = admin.sendWithoutToken(admin.healthPort(), "GET", "/metrics");
        HttpResponse<String> open = admin.sendWithoutToken(
                admin.healthPort(),
                "GET",
                "/metrics",
                "Accept",
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(text.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(text.body()).contains("things_done_total 1.0").doesNotContain("# EOF");
        assertThat(open.headers().firstValue("Content-Type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body()).contains("things_done_total 1.0").endsWith("# EOF\n");
    }

    @Test
    void HEAD_is_answered_as_GET_is_without_the_body() throws Exception {
        HttpResponse<String> response = admin.sendWithoutToken(admin.healthPort(), "HEAD", "/livez");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(admin.send("HEAD", "/v1/table", "").headers().firstValue("ETag"))
                .contains("\"1\"");
    }

    @Test
    void whoever_was_refused_at_the_gate_is_counted() throws Exception {
        admin.sendWithoutToken(admin.port(), "GET", "/v1/table");

        assertThat(admin.meters.scrape()).contains("banyan_admin_refused_total{why=\"no-token\"} 1.0");
    }
}
