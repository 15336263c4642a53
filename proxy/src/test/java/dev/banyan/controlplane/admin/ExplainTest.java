package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.LiveUpstreams.LiveEndpoint;
import dev.banyan.contract.LiveUpstreams.Standing;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
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
    void a_pilot_goes_to_modern_and_every_step_is_told() throws Exception {
        JsonNode told = explain("{\"request\":\"GET /api/transactions\",\"user\":\"42\"}");

        assertThat(told.path("route").asText()).isEqualTo("transactions");
        assertThat(told.path("side").asText()).isEqualTo("modern");
        assertThat(told.path("upstream").asText()).isEqualTo("transactions");
        assertThat(told.path("reason").asText()).isEqualTo("pilot");
        assertThat(told.path("bucket").isNull()).isTrue();
        assertThat(told.path("steps")).isNotEmpty();
        assertThat(told.path("revision").asLong()).isEqualTo(1);
    }

    @Test
    void a_user_has_a_bucket_and_the_canary_in_force_decides() throws Exception {
        String question = "{\"request\":\"GET /api/transactions?page=2\",\"user\":\"7\"}";

        admin.put("/v1/routes/transactions/canary", "{\"percent\":0,\"reason\":\"x\"}");
        JsonNode without = explain(question);
        admin.put("/v1/routes/transactions/canary", "{\"percent\":100,\"reason\":\"x\"}");
        JsonNode with = explain(question);

        assertThat(without.path("side").asText()).isEqualTo("legacy");
        assertThat(with.path("side").asText()).isEqualTo("modern");
        assertThat(with.path("reason").asText()).isEqualTo("canary");
        assertThat(with.path("bucket").asInt()).isBetween(0, 9_999);
        assertThat(with.path("revision").asLong()).isEqualTo(3);
    }

    @Test
    void what_no_route_matches_goes_to_the_default() throws Exception {
        JsonNode told = explain("{\"request\":\"GET /go/https://x\"}");

        assertThat(told.path("route").asText()).isEqualTo("default");
        assertThat(told.path("upstream").asText()).isEqualTo("rails");
    }

    @Test
    void headers_and_host_count() throws Exception {
        String headers = "{\"Host\":\"SHOP.example:80\",\"X-Shop\":\"1\"}";

        JsonNode told = explain("{\"request\":\"GET /api/orders?page=1\",\"headers\":" + headers + "}");

        assertThat(told.path("route").asText()).isEqualTo("orders");
    }

    @Test
    void a_path_that_may_go_nowhere_is_told_as_refused() throws Exception {
        JsonNode told = explain("{\"request\":\"GET /api/%00\"}");

        assertThat(told.path("side").isNull()).isTrue();
        assertThat(told.at("/refused/status").asInt()).isEqualTo(400);
        assertThat(told.at("/refused/detail").asText()).isNotEmpty();
    }

    @Test
    void bytes_over_0x7f_and_dot_segments_are_told_as_they_would_be_sent() throws Exception {
        assertThat(explain("{\"request\":\"GET /caf\u00e9\"}").at("/sent/path").asText())
                .isEqualTo("/caf%C3%A9");
        assertThat(explain("{\"request\":\"GET /nowhere/../caf%c3%a9\"}")
                        .at("/sent/path")
                        .asText())
                .isEqualTo("/caf%C3%A9");
    }

    @Test
    void what_is_no_request_is_400() throws Exception {
        for (String request : List.of("", "/api", "GET", "GET api", "GET /a b", "GET /\\u0007", "G\\u0000T /")) {
            assertThat(admin.post("/v1/explain", "{\"request\":\"" + request + "\"}")
                            .statusCode())
                    .as(request)
                    .isEqualTo(400);
        }
    }

    @Test
    void a_header_that_no_request_can_have_is_400() throws Exception {
        HttpResponse<String> response =
                admin.post("/v1/explain", "{\"request\":\"GET /\",\"headers\":{\"X A\":\"1\"}}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("/headers: one has a name that no header can have");
    }

    @Test
    void flags_are_told_with_who_set_them() throws Exception {
        admin.put("/v1/routes/transactions/canary", "{\"percent\":50,\"reason\":\"slowly\"}");
        admin.put("/v1/freeze", "{\"reason\":\"incident\"}");

        JsonNode flags = explain("{\"request\":\"GET /api/transactions\"}").path("flags");

        assertThat(flags.at("/canary/percent").asInt()).isEqualTo(50);
        assertThat(flags.at("/canary/reason").asText()).isEqualTo("slowly");
        assertThat(flags.at("/freeze_of_everything/reason").asText()).isEqualTo("incident");
    }

    @Test
    void the_upstreams_breaker_and_endpoints_are_told_as_they_stand() throws Exception {
        JsonNode byTable = explain("{\"request\":\"GET /api/accounts\"}").path("upstream_state");
        admin.live = upstream -> Optional.of(new Standing(
                "half-open",
                0,
                0,
                List.of(
                        new LiveEndpoint("http://10.0.0.1:3000", LiveEndpoint.READY, 0, 0, 0),
                        new LiveEndpoint("http://10.0.0.2:3000", "ejected", 0, 0, 0)),
                Optional.empty()));

        JsonNode live = explain("{\"request\":\"GET /api/accounts\"}").path("upstream_state");

        assertThat(byTable.toString())
                .isEqualTo(
                        "{\"endpoints\":[{\"address\":\"http://127.0.0.1:3000\"}],\"chosen\":\"http://127.0.0.1:3000\"}");
        assertThat(live.path("breaker").asText()).isEqualTo("half-open");
        assertThat(live.at("/endpoints/1/state").asText()).isEqualTo("ejected");
        assertThat(live.path("chosen").asText()).isEqualTo("http://10.0.0.1:3000");
    }

    @Test
    void each_candidate_tells_why_it_lost() throws Exception {
        JsonNode told = explain("{\"request\":\"POST /api/transactions\"}");

        assertThat(told.path("route").asText()).isEqualTo("default");
        assertThat(told.path("candidates").toString())
                .isEqualTo("[{\"route\":\"transactions\",\"match\":\"GET /api/transactions\","
                        + "\"lost\":\"it does not cover POST\"}]");
    }

    private JsonNode explain(String question) throws Exception {
        HttpResponse<String> response = admin.post("/v1/explain", question);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return TestAdmin.json(response);
    }
}
