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

class ChangesTest {
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
    void a_canary_flag_is_set_with_author_and_reason_and_every_view_says_that_the_file_differs() throws Exception {
        HttpResponse<String> response =
                admin.put("/v1/routes/transactions/canary", "{\"percent\":50,\"reason\":\"fine so far\"}");
        JsonNode changed = TestAdmin.json(response);
        JsonNode route = TestAdmin.json(admin.get("/v1/routes/transactions"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(changed.path("revision").asLong()).isEqualTo(2);
        assertThat(changed.path("changed").asBoolean()).isTrue();
        assertThat(changed.path("changes").toString()).contains("transactions: canary 25% -> 50% (flag)");
        assertThat(response.headers().firstValue("ETag"))
                .contains(route.path("etag").asText());
        assertThat(route.path("canary").asInt()).isEqualTo(50);
        assertThat(route.at("/base/canary").asInt()).isEqualTo(25);
        assertThat(route.at("/flags/canary/author").asText()).isEqualTo("admin");
        assertThat(route.at("/flags/canary/reason").asText()).isEqualTo("fine so far");
        assertThat(route.path("overridden").toString()).isEqualTo("[\"canary\"]");
    }

    @Test
    void setting_what_is_already_so_makes_no_revision() throws Exception {
        String body = "{\"percent\":50,\"reason\":\"x\"}";
        admin.put("/v1/routes/transactions/canary", body);

        JsonNode again = TestAdmin.json(admin.put("/v1/routes/transactions/canary", body));

        assertThat(again.path("changed").asBoolean()).isFalse();
        assertThat(again.path("revision").asLong()).isEqualTo(2);
        assertThat(again.path("changes")).isEmpty();
    }

    @Test
    void a_flag_is_cleared_with_the_reason_in_the_body_or_in_the_query_but_not_in_both() throws Exception {
        String path = "/v1/routes/transactions/canary";
        String body = "{\"percent\":50,\"reason\":\"x\"}";

        admin.put(path, body);
        assertThat(admin.delete(path, "{\"reason\":\"over\"}").statusCode()).isEqualTo(200);
        admin.put(path, body);
        assertThat(admin.delete(path + "?reason=it%20is%20over", "").statusCode())
                .isEqualTo(200);
        assertThat(admin.revisions.current().reason()).isEqualTo("it is over");
        assertThat(admin.delete(path, "").statusCode()).isEqualTo(400);
        assertThat(admin.delete(path + "?reason=a", "{\"reason\":\"b\"}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_freeze_says_what_load_legacy_will_get_and_shows_in_the_table() throws Exception {
        JsonNode frozen = TestAdmin.json(admin.put("/v1/freeze", "{\"with_writes\":true,\"reason\":\"fire\"}"));
        JsonNode table = TestAdmin.json(admin.get("/v1/table"));

        assertThat(frozen.path("legacy_gets_per_second").decimalValue()).isEqualByComparingTo("3.46");
        assertThat(table.at("/freeze/with_writes").asBoolean()).isTrue();
        assertThat(table.at("/freeze/reason").asText()).isEqualTo("fire");
        assertThat(table.at("/routes/0/frozen").asBoolean()).isTrue();

        assertThat(admin.delete("/v1/freeze", "").statusCode()).isEqualTo(200);
        assertThat(TestAdmin.json(admin.get("/v1/table")).has("freeze")).isFalse();
    }

    @Test
    void a_route_without_legacy_cannot_be_frozen() throws Exception {
        HttpResponse<String> response = admin.put("/v1/routes/profile/freeze", "{}");
        JsonNode problem = TestAdmin.json(response);

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(problem.path("type").asText()).isEqualTo("/problems/no-such-side");
        assertThat(problem.path("title").asText()).isEqualTo("No such side");
        assertThat(problem.path("detail").asText()).contains("profile");
        assertThat(problem.path("fix").asText()).isNotEmpty();
    }

    @Test
    void a_rollback_pins_the_table_until_it_is_unpinned() throws Exception {
        admin.put("/v1/routes/transactions/canary", "{\"percent\":50,\"reason\":\"x\"}");

        JsonNode back = TestAdmin.json(admin.post("/v1/rollback", "{\"revision\":1,\"reason\":\"errors\"}"));
        assertThat(back.path("pinned_to").asLong()).isEqualTo(1);
        for (String view : List.of("/v1/table", "/v1/routes")) {
            assertThat(TestAdmin.json(admin.get(view)).path("pinned_to").asLong())
                    .as(view)
                    .isEqualTo(1);
        }
        assertThat(admin.post("/v1/unpin", "").statusCode()).isEqualTo(200);
        assertThat(admin.post("/v1/unpin", "").statusCode()).isEqualTo(409);
        assertThat(admin.post("/v1/rollback", "{\"revision\":99,\"reason\":\"x\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void what_would_strand_writes_is_refused_until_that_is_accepted() throws Exception {
        String lower = "{\"percent\":40,\"reason\":\"x\"";

        HttpResponse<String> refused = admin.put("/v1/routes/orders/canary", lower + "}");
        HttpResponse<String> accepted =
                admin.put("/v1/routes/orders/canary", lower + ",\"accept_stranded_writes\":true}");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(TestAdmin.json(refused).path("type").asText()).isEqualTo("/problems/strands-writes");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(200);
    }
}
