package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.RecentRequests.ByBucket;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.json.Json;
import dev.banyan.routing.file.TableFiles;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan, and then what it said. */
class ApplyTest {
    @TempDir
    Path data;

    private TestAdmin admin;
    private OpenApiDocument document;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.applying(data);
        document = new OpenApiDocument();
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void a_plan_says_whom_it_moves_and_changes_nothing() throws Exception {
        int[] requests = new int[10_000];
        requests[2_700] = 5;
        requests[9_000] = 15;
        Instant since = Instant.parse("2026-03-01T12:00:00Z");
        admin.recent = route -> route.equals("transactions")
                ? new Recent(since, new ByBucket(requests), ByBucket.NONE, List.of())
                : Recent.none(since);

        HttpResponse<String> response = admin.post("/v1/plan", files(moneyApp().replace("canary: 25%", "canary: 30%")));

        JsonNode plan = TestAdmin.json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(document.problems(document.root.at("/components/schemas/Plan"), plan))
                .isEmpty();
        assertThat(plan.at("/routes/0/id").asText()).isEqualTo("transactions");
        assertThat(plan.at("/routes/0/moves/0/buckets").toString()).isEqualTo("[[2500,2999]]");
        assertThat(plan.at("/routes/0/moved/requests").asInt()).isEqualTo(5);
        assertThat(plan.at("/routes/0/moved/share_of_route").asInt()).isEqualTo(25);
        assertThat(plan.at("/counted/enough").asBoolean()).isFalse();
        assertThat(admin.revisions.current().number()).isEqualTo(1);
    }

    @Test
    void apply_does_what_was_planned() throws Exception {
        HttpResponse<String> response = apply(moneyApp().replace("canary: 25%", "canary: 30%"), "\"1\"");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(TestAdmin.json(response).path("changes").toString()).contains("transactions: canary 25% -> 30%");
        assertThat(admin.revisions.current().number()).isEqualTo(2);
        assertThat(admin.audit().toString()).contains("apply of 1 files", "because");
    }

    @Test
    void without_if_match_it_is_428_and_after_another_change_412() throws Exception {
        String files = moneyApp().replace("canary: 25%", "canary: 30%");

        HttpResponse<String> without = admin.post("/v1/apply", asked(files));
        admin.put("/v1/routes/accounts/canary", "{\"percent\":5,\"reason\":\"x\"}");
        HttpResponse<String> stale = apply(files, "\"1\"");

        assertThat(without.statusCode()).isEqualTo(428);
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(TestAdmin.json(stale).path("since").toString()).contains("accounts: canary 0% -> 5%");
        assertThat(admin.revisions.current().number()).isEqualTo(2);
    }

    @Test
    void under_source_files_it_is_409_with_that_reason() throws Exception {
        admin.close();
        admin = TestAdmin.in(Files.createDirectory(data.resolve("other")));

        HttpResponse<String> response = apply(moneyApp(), "*");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("/problems/source-is-files", "--source api");
    }

    @Test
    void while_pinned_it_is_409_and_the_plan_says_so() throws Exception {
        admin.put("/v1/routes/accounts/canary", "{\"percent\":5,\"reason\":\"x\"}");
        admin.post("/v1/rollback", "{\"revision\":1,\"reason\":\"x\"}");

        JsonNode plan = TestAdmin.json(admin.post("/v1/plan", files(moneyApp())));
        HttpResponse<String> response = apply(moneyApp(), "*");

        assertThat(plan.path("possible").asBoolean()).isFalse();
        assertThat(plan.path("problems").toString()).contains("pinned to revision 1", "banyan unpin");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("/problems/pinned");
    }

    @Test
    void every_problem_of_every_file_is_told_with_its_place() throws Exception {
        HttpResponse<String> planned = admin.post("/v1/plan", files("banyan: 1\nroots: 1\ndefualt: rails\n"));
        HttpResponse<String> applied = apply("banyan: 1\nroots: 1\ndefualt: rails\n", "*");

        JsonNode plan = TestAdmin.json(planned);
        assertThat(planned.statusCode()).isEqualTo(200);
        assertThat(plan.path("possible").asBoolean()).isFalse();
        assertThat(plan.path("problems").toString()).contains("money.yaml:2:1: ", "money.yaml:3:1: ", "; fix: ");
        assertThat(applied.statusCode()).isEqualTo(409);
        assertThat(TestAdmin.json(applied).path("problems")).isEqualTo(plan.path("problems"));
    }

    @Test
    void what_would_strand_writes_is_refused_and_told_the_command() throws Exception {
        String lower = moneyApp().replace("canary: 100%", "canary: 50%");

        JsonNode plan = TestAdmin.json(admin.post("/v1/plan", files(lower)));
        HttpResponse<String> response = apply(lower, "*");

        assertThat(plan.at("/routes/0/strands").asText()).contains("canary 100% -> 50%");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("banyan writes move orders legacy --accept-stranded-writes");
        assertThat(admin.revisions.current().number()).isEqualTo(1);
    }

    @Test
    void a_table_larger_than_other_bodies_is_taken() throws Exception {
        String large = moneyApp() + ("# " + "x".repeat(98) + "\n").repeat(5_000);

        assertThat(admin.post("/v1/plan", files(large)).statusCode()).isEqualTo(200);
        assertThat(apply(large + "# more\n", "*").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> apply(String text, String ifMatch) throws Exception {
        return admin.send("POST", "/v1/apply", asked(text), "If-Match", ifMatch);
    }

    private static String moneyApp() {
        return TableFiles.text(Tables.moneyApp());
    }

    private static String asked(String text) {
        return body(text).put("reason", "because").toString();
    }

    private static String files(String text) {
        return body(text).toString();
    }

    private static ObjectNode body(String text) {
        ObjectNode body = Json.object();
        body.putObject("files").put("money.yaml", text);
        return body;
    }
}
