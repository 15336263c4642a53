package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.access.FailedAuthentications;
import dev.banyan.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
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
    void refused_attempts_are_in_it_too_and_reads_are_not() throws Exception {
        String viewer = TestAdmin.json(admin.post("/v1/tokens", "{\"role\":\"viewer\",\"name\":\"looker\"}"))
                .path("token")
                .asText();
        admin.get("/v1/table");
        admin.put(CANARY, "{");
        admin.send("PUT", CANARY, "{\"percent\":50,\"reason\":\"x\"}", "If-Match", "\"9\"");
        admin.send("PUT", CANARY, "{}", "Authorization", "Bearer " + viewer);
        admin.put("/v1/routes/profile/freeze", "{}");

        JsonNode entries = TestAdmin.json(admin.get("/v1/audit")).path("entries");

        assertThat(entries.findValuesAsText("status")).containsExactly("409", "403", "412", "400", "201");
        assertThat(entries.findValuesAsText("result"))
                .containsExactly("refused", "refused", "refused", "refused", "done", "done");
        assertThat(entries.findValuesAsText("problem"))
                .containsExactly("no-such-side", "role-too-low", "stale-route", "bad-request");
        assertThat(entries.get(1).path("who").asText()).isEqualTo("looker");
        assertThat(String.join("", admin.audit())).doesNotContain(viewer, admin.token);
    }

    @Test
    void pages_lead_from_the_newest_to_the_oldest() throws Exception {
        for (int percent = 1; percent <= 5; percent++) {
            admin.put(CANARY, "{\"percent\":" + percent + ",\"reason\":\"r" + percent + "\"}");
        }

        JsonNode first = TestAdmin.json(admin.get("/v1/audit?limit=3"));
        JsonNode second = TestAdmin.json(
                admin.get("/v1/audit?limit=3&before=" + first.path("next").asLong()));

        assertThat(first.path("entries").findValuesAsText("reason")).containsExactly("r5", "r4", "r3");
        assertThat(second.path("entries").findValuesAsText("reason")).containsExactly("r2", "r1", "");
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void half_a_line_after_a_crash_stays_and_the_log_goes_on_behind_it() throws Exception {
        admin.put(CANARY, "{\"percent\":1,\"reason\":\"before\"}");
        admin.close();
        Files.writeString(data.resolve("audit.jsonl"), "{\"time\":\"20", StandardOpenOption.APPEND);

        admin = TestAdmin.in(data);
        admin.put(CANARY, "{\"percent\":2,\"reason\":\"after\"}");

        assertThat(admin.audit()).hasSize(3);
        assertThat(TestAdmin.json(admin.get("/v1/audit")).path("entries").findValuesAsText("reason"))
                .containsExactly("after", "before", "");
    }

    @Test
    void a_change_under_way_is_finished_and_audited_before_the_server_closes() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        admin.revisions.beforeNextCanary(() -> {
            begun.countDown();
            passed(goOn);
        });
        CompletableFuture<HttpResponse<String>> change =
                admin.sendAsync("PUT", CANARY, "{\"percent\":50,\"reason\":\"x\"}");
        passed(begun);

        CompletableFuture<Void> closing = admin.closeServer();
        goOn.countDown();

        assertThat(change.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        closing.get(5, TimeUnit.SECONDS);
        assertThat(admin.audit()).hasSize(1);
    }

    @Test
    void files_that_were_taken_are_in_it_as_the_change_of_files() throws Exception {
        admin.revisions.files(Map.of("money.yaml", "good", "goals.yaml", "goals"));

        await().untilAsserted(() ->
                assertThat(entries("/v1/audit").findValuesAsText("who")).containsExactly("files", "files"));
        JsonNode entry = entries("/v1/audit").get(0);
        assertThat(entry.path("from").asText()).isEqualTo("this proxy");
        assertThat(entry.path("what").asText()).contains("goals");
        assertThat(entry.path("revision_before").asLong()).isEqualTo(1);
        assertThat(entry.path("revision_after").asLong()).isEqualTo(2);
        assertThat(entry.path("result").asText()).isEqualTo("done");
        assertThat(entry.path("routes")).isEqualTo(Json.array(List.of("goals")));
    }

    @Test
    void a_change_by_a_request_is_in_it_once() throws Exception {
        admin.put(CANARY, "{\"percent\":50,\"reason\":\"x\"}");
        admin.put("/v1/freeze", "{}");

        admin.close();
        admin = TestAdmin.in(data);

        assertThat(admin.audit()).hasSize(2);
        assertThat(admin.audit().get(1)).contains("\"routes\":[\"accounts\",\"orders\",\"transactions\"]");
    }

    @Test
    void one_route_and_a_time_can_be_asked_for() throws Exception {
        admin.put(CANARY, "{\"percent\":1,\"reason\":\"r1\"}");
        admin.put("/v1/routes/accounts/canary", "{\"percent\":2,\"reason\":\"r2\"}");
        admin.put("/v1/routes/transactions/canary", "{\"percent\":\"x\",\"reason\":\"r3\"}");
        String second = entries("/v1/audit?route=accounts").get(0).path("time").asText();

        assertThat(entries("/v1/audit?route=transactions&limit=2").findValuesAsText("result"))
                .containsExactly("refused", "done");
        assertThat(entries("/v1/audit?since=" + second)).hasSize(2);
        assertThat(entries("/v1/audit?since=2100-01-01T00:00:00Z")).isEmpty();
        assertThat(admin.get("/v1/audit?since=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void requests_without_a_valid_token_are_one_line_an_address_with_their_number() throws Exception {
        for (int i = 0; i < 30; i++) {
            admin.send("GET", "/v1/table", "", "Authorization", "Bearer bny_wrong");
        }
        admin.sendWithoutToken(admin.port(), "PUT", "/v1/freeze");
        admin.closeServer().get(10, TimeUnit.SECONDS);

        assertThat(admin.audit()).hasSize(1);
        JsonNode entry = Json.read(admin.audit().get(0).getBytes(StandardCharsets.UTF_8));
        assertThat(entry.path("who").asText()).isEqualTo("nobody");
        assertThat(entry.path("from").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.path("count").asInt()).isEqualTo(31);
        assertThat(entry.path("status").asInt()).isEqualTo(401);
        assertThat(entry.toString()).doesNotContain("bny_");
    }

    @Test
    void strangers_with_many_addresses_share_a_line() {
        FailedAuthentications failures = new FailedAuthentications();
        for (int i = 0; i < 10_000; i++) {
            failures.count("2001:db8::" + i);
        }

        List<ObjectNode> entries = failures.take(Instant.EPOCH);

        assertThat(entries).hasSize(FailedAuthentications.MOST_ADDRESSES + 1);
        assertThat(entries.stream()
                        .mapToInt(entry -> entry.path("count").asInt())
                        .sum())
                .isEqualTo(10_000);
        assertThat(failures.take(Instant.EPOCH)).isEmpty();
    }

    private JsonNode entries(String path) throws Exception {
        return TestAdmin.json(admin.get(path)).path("entries");
    }

    private static void passed(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_id_that_is_no_entrys_start_is_400() throws Exception {
        admin.put(CANARY, "{\"percent\":1,\"reason\":\"x\"}");

        HttpResponse<String> response = admin.get("/v1/audit?before=5");

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void after_a_failed_write_no_change_is_let_through() throws Exception {
        admin.put(CANARY, "{\"percent\":1,\"reason\":\"x\"}");
        admin.breakAuditLog();

        HttpResponse<String> inForce = admin.put(CANARY, "{\"percent\":2,\"reason\":\"x\"}");
        HttpResponse<String> refused = admin.put(CANARY, "{\"percent\":3,\"reason\":\"x\"}");

        assertThat(inForce.statusCode()).isEqualTo(500);
        assertThat(inForce.body()).contains("/problems/not-audited");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(admin.revisions.current().number()).isEqualTo(3);
    }
}
