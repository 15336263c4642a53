package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsTest {
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
    void the_table_has_its_revision_as_tag() throws Exception {
        HttpResponse<String> response = admin.get("/v1/table");

        assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(TestAdmin.json(response).path("revision").asLong()).isEqualTo(1);
        assertThat(TestAdmin.json(response).at("/routes/2/id").asText()).isEqualTo("profile");
        assertThat(TestAdmin.json(response).at("/routes/2/stage").asText()).isEqualTo("complete");
    }

    @Test
    void files_that_are_held_back_or_wait_are_shown_with_every_problem() throws Exception {
        admin.post("/v1/rollback", "{\"revision\":1,\"reason\":\"pin\"}");
        admin.revisions.files(Map.of("money.yaml", "better", "accounts.yaml", "bad"));

        for (String path : new String[] {"/v1/table", "/v1/routes"}) {
            JsonNode files = TestAdmin.json(admin.get(path)).path("files");
            assertThat(files.at("/held_back/0/file").asText()).isEqualTo("accounts.yaml");
            assertThat(files.at("/held_back/0/problems/0").asText())
                    .startsWith("accounts.yaml:3:3: ")
                    .contains("; fix: ");
            assertThat(files.at("/waiting/0").asText()).isEqualTo("money.yaml");
        }
    }

    @Test
    void routes_come_with_traffic_by_side_and_only_for_sides_that_they_have() throws Exception {
        JsonNode routes = TestAdmin.json(admin.get("/v1/routes"));

        assertThat(routes.at("/routes/3/id").asText()).isEqualTo("transactions");
        assertThat(routes.at("/routes/3/traffic/modern/requests").asLong()).isEqualTo(1_200);
        assertThat(routes.at("/routes/3/traffic/modern/per_second").decimalValue())
                .isEqualByComparingTo("3.46");
        assertThat(routes.at("/routes/2/traffic").has("legacy")).isFalse();
        assertThat(routes.at("/default/upstream").asText()).isEqualTo("rails");
    }

    @Test
    void the_history_comes_newest_first_and_in_pages() throws Exception {
        for (int percent = 1; percent <= 4; percent++) {
            admin.put(
                    "/v1/routes/transactions/canary", "{\"percent\":" + percent + ",\"reason\":\"r" + percent + "\"}");
        }

        JsonNode first = TestAdmin.json(admin.get("/v1/revisions?limit=3"));
        JsonNode second = TestAdmin.json(
                admin.get("/v1/revisions?limit=3&before=" + first.path("next").asLong()));

        assertThat(first.path("revisions").findValuesAsText("revision")).containsExactly("5", "4", "3");
        assertThat(first.at("/revisions/0/reason").asText()).isEqualTo("r4");
        assertThat(first.at("/revisions/0/author").asText()).isEqualTo("admin");
        assertThat(second.path("revisions").findValuesAsText("revision")).containsExactly("2", "1");
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void two_revisions_are_compared_member_by_member() throws Exception {
        admin.put("/v1/routes/transactions/canary", "{\"percent\":50,\"reason\":\"x\"}");

        JsonNode changes = TestAdmin.json(admin.get("/v1/diff?from=1&to=2")).path("changes");

        assertThat(changes.findValuesAsText("member")).containsExactly("canary", "flags", "overridden");
        assertThat(changes.get(0).toString())
                .isEqualTo(
                        "{\"of\":\"route\",\"id\":\"transactions\",\"change\":\"changed\",\"member\":\"canary\",\"from\":25,\"to\":50}");
    }

    @Test
    void a_revision_is_shown_with_its_table_as_it_was() throws Exception {
        admin.put("/v1/routes/transactions/canary", "{\"percent\":50,\"reason\":\"x\"}");

        assertThat(TestAdmin.json(admin.get("/v1/revisions/1"))
                        .at("/routes/3/canary")
                        .asInt())
                .isEqualTo(25);
        assertThat(admin.get("/v1/revisions/3").statusCode()).isEqualTo(404);
        assertThat(admin.get("/v1/revisions/x").statusCode()).isEqualTo(400);
    }

    @Test
    void no_answer_may_be_kept_sniffed_or_run() throws Exception {
        for (HttpResponse<String> response : List.of(
                admin.get("/v1/table"),
                admin.get("/v1/none"),
                admin.sendWithoutToken(admin.port(), "GET", "/v1/table"))) {
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Content-Security-Policy"))
                    .contains("default-src 'none'; frame-ancestors 'none'");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }
}
