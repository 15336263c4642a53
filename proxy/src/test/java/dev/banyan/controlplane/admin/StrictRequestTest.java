package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictRequestTest {
    private static final String CANARY = "/v1/routes/transactions/canary";

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
    void a_body_that_is_not_exactly_right_is_400_and_changes_nothing() throws Exception {
        for (String body : List.of(
                "",
                "[]",
                "null",
                "{",
                "{\"percent\":50,\"reason\":\"x\"} {}",
                "{\"percent\":50,\"percent\":50,\"reason\":\"x\"}",
                "{\"percent\":\"50\",\"reason\":\"x\"}",
                "{\"percent\":101,\"reason\":\"x\"}",
                "{\"percent\":-1,\"reason\":\"x\"}",
                "{\"percent\":0.001,\"reason\":\"x\"}",
                "{\"percent\":1e999999999,\"reason\":\"x\"}",
                "{\"percent\":NaN,\"reason\":\"x\"}",
                "{\"percent\":50}",
                "{\"percent\":50,\"reason\":\"\"}",
                "{\"percent\":50,\"reason\":\"  \"}",
                "{\"percent\":50,\"reason\":7}",
                "{\"percent\":50,\"reason\":\"two\\nlines\"}",
                "{\"percent\":50,\"reason\":\"\\u001b[2J\"}",
                "{\"reason\":\"x\"}",
                "{\"percent\":50,\"reason\":\"x\",\"route\":\"accounts\"}")) {
            HttpResponse<String> response = admin.put(CANARY, body);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(admin.revisions.current().number()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 100", "0.05, 0.05", "12.50, 12.5", "1e1, 10"})
    void a_percentage_has_at_most_two_decimals(String sent, String shown) throws Exception {
        HttpResponse<String> response = admin.put(CANARY, "{\"percent\":" + sent + ",\"reason\":\"x\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(admin.get("/v1/routes/transactions").body()).contains("\"canary\":" + shown + ",");
    }

    @Test
    void all_problems_are_told_at_once_with_what_was_meant() throws Exception {
        JsonNode problem = TestAdmin.json(admin.put(CANARY, "{\"percnt\":50,\"reason\":7,\"why\":\"x\"}"));

        assertThat(problem.path("type").asText()).isEqualTo("/problems/bad-request");
        assertThat(problem.path("problems").toString())
                .contains("/percent: missing; fix: add a number from 0 to 100, such as 25")
                .contains("/percnt: unknown; fix: did you mean percent?")
                .contains("/reason: not a text; fix: write a text of at most 500 characters")
                .contains("/why: unknown; fix: leave it out; known are percent, reason, accept_stranded_writes");
    }

    @Test
    void a_reason_is_bounded() throws Exception {
        String longest = "x".repeat(500);

        assertThat(admin.put(CANARY, "{\"percent\":50,\"reason\":\"" + longest + "\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(admin.put(CANARY, "{\"percent\":51,\"reason\":\"" + longest + "x\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_body_over_64_KiB_is_413_whether_it_says_so_or_not() throws Exception {
        String large = "{\"reason\":\"" + "x".repeat(64 * 1024) + "\"}";
        String head = "PUT " + CANARY + " HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port() + "\r\nAuthorization: Bearer "
                + admin.token + "\r\nContent-Type: application/json\r\nConnection: close\r\n";

        assertThat(admin.put(CANARY, large).statusCode()).isEqualTo(413);
        assertThat(admin.raw(head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(large.length()) + "\r\n"
                        + large + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void a_body_that_is_not_declared_as_JSON_is_415() throws Exception {
        String body = "{\"percent\":50,\"reason\":\"x\"}";

        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
            assertThat(admin.send("PUT", CANARY, body, "Content-Type", type).statusCode())
                    .isEqualTo(415);
        }
        assertThat(admin.send("PUT", CANARY, body, "Content-Type", "Application/JSON; charset=UTF-8")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_query_is_read_as_strictly() throws Exception {
        for (String target : List.of(
                "/v1/table?x=1",
                "/v1/revisions?limt=3",
                "/v1/revisions?limit=0",
                "/v1/revisions?limit=501",
                "/v1/revisions?limit=x",
                "/v1/revisions?limit=3&limit=4",
                "/v1/diff?from=1",
                "/v1/diff?from=1&to=x",
                "/v1/audit?before=-1")) {
            assertThat(admin.get(target).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void what_cannot_be_decoded_is_the_callers_mistake() throws Exception {
        for (String target : List.of(
                "/v1/table?x=%zz", "/v1/routes/%zz", "/v1/routes/%ff", "/v1/routes/a%00b", "/v1/revisions?before=%")) {
            String answer = admin.raw("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port()
                    + "\r\nAuthorization: Bearer " + admin.token + "\r\nConnection: close\r\n\r\n");

            assertThat(answer).as(target).matches("(?s)HTTP/1.1 40[04] .*").contains("application/problem+json");
        }
    }

    @Test
    void an_absolute_target_is_400() throws Exception {
        String answer = admin.raw("GET http://evil.example/livez HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port()
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void a_misspelt_route_is_404_and_told_what_was_meant() throws Exception {
        JsonNode problem = TestAdmin.json(admin.get("/v1/routes/transaction"));

        assertThat(problem.path("status").asInt()).isEqualTo(404);
        assertThat(problem.path("fix").asText()).isEqualTo("did you mean transactions?");
    }
}
