package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.routing.Share;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConflictTest {
    private static final String TO_50 = "{\"percent\":50,\"reason\":\"fine so far\"}";
    private static final String TO_10 = "{\"percent\":10,\"reason\":\"too fast\"}";

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
    void of_two_operators_on_the_same_route_one_gets_412() throws Exception {
        String tag = etag("/v1/routes/transactions");

        List<Integer> statuses = both(
                admin.sendAsync("PUT", "/v1/routes/transactions/canary", TO_50, "If-Match", tag),
                admin.sendAsync("PUT", "/v1/routes/transactions/canary", TO_10, "If-Match", tag));

        assertThat(statuses).containsExactlyInAnyOrder(200, 412);
        assertThat(admin.revisions.current().number()).isEqualTo(2);
    }

    @Test
    void two_operators_on_two_routes_both_pass_with_the_tag_of_one_table() throws Exception {
        String tag = etag("/v1/table");

        List<Integer> statuses = both(
                admin.sendAsync("PUT", "/v1/routes/transactions/canary", TO_50, "If-Match", tag),
                admin.sendAsync("PUT", "/v1/routes/accounts/canary", TO_10, "If-Match", tag));

        assertThat(statuses).containsExactly(200, 200);
        assertThat(admin.revisions.current().number()).isEqualTo(3);
    }

    @Test
    void a_change_that_comes_between_check_and_write_is_noticed_by_the_writer() throws Exception {
        String tag = etag("/v1/routes/transactions");
        admin.revisions.beforeNextCanary(() -> somebodyElseSets("transactions", 7));

        HttpResponse<String> response = admin.send("PUT", "/v1/routes/transactions/canary", TO_50, "If-Match", tag);

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(TestAdmin.json(response).at("/since/0/author").asText()).isEqualTo("squad-money");
    }

    @Test
    void a_412_tells_who_changed_what_and_why_and_leaves_other_squads_out() throws Exception {
        String tag = etag("/v1/table");
        somebodyElseSets("transactions", 7);
        somebodyElseSets("accounts", 3);

        HttpResponse<String> response = admin.send("PUT", "/v1/routes/transactions/canary", TO_50, "If-Match", tag);
        JsonNode problem = TestAdmin.json(response);

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(problem.path("type").asText()).isEqualTo("/problems/stale-route");
        assertThat(problem.path("since")).hasSize(1);
        assertThat(problem.at("/since/0/revision").asLong()).isEqualTo(2);
        assertThat(problem.at("/since/0/reason").asText()).isEqualTo("because");
        assertThat(problem.at("/since/0/changes/0").asText()).isEqualTo("transactions: canary 25% -> 7% (flag)");
        assertThat('"' + problem.path("current").asText() + '"').isEqualTo(etag("/v1/routes/transactions"));
    }

    @Test
    void the_tables_old_number_passes_for_a_route_that_did_not_change_since() throws Exception {
        String tag = etag("/v1/table");
        somebodyElseSets("accounts", 3);

        assertThat(admin.send("PUT", "/v1/routes/transactions/canary", TO_50, "If-Match", tag)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_freeze_of_everything_conflicts_with_any_change_of_the_table() throws Exception {
        String tag = etag("/v1/table");
        somebodyElseSets("accounts", 3);

        HttpResponse<String> response = admin.send("PUT", "/v1/freeze", "{}", "If-Match", tag);

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(TestAdmin.json(response).path("type").asText()).isEqualTo("/problems/stale-table");
        assertThat(admin.send("PUT", "/v1/freeze", "{}", "If-Match", etag("/v1/table"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_star_and_one_right_tag_among_several_pass() throws Exception {
        String route = "/v1/routes/transactions/canary";
        String tag = etag("/v1/routes/transactions");

        assertThat(admin.send("PUT", route, TO_50, "If-Match", "\"0000000000000000\", " + tag)
                        .statusCode())
                .isEqualTo(200);
        assertThat(admin.send("PUT", route, TO_10, "If-Match", "*").statusCode())
                .isEqualTo(200);
    }

    @Test
    void weak_and_future_tags_never_match_and_nonsense_is_400() throws Exception {
        String route = "/v1/routes/transactions/canary";

        assertThat(admin.send("PUT", route, TO_50, "If-Match", "W/" + etag("/v1/table"))
                        .statusCode())
                .isEqualTo(412);
        assertThat(admin.send("PUT", route, TO_50, "If-Match", "\"99\"").statusCode())
                .isEqualTo(412);
        assertThat(admin.send("PUT", route, TO_50, "If-Match", "42").statusCode())
                .isEqualTo(400);
        assertThat(admin.revisions.current().number()).isEqualTo(1);
    }

    @Test
    void a_bad_body_is_told_before_a_stale_tag() throws Exception {
        assertThat(admin.send("PUT", "/v1/routes/transactions/canary", "{}", "If-Match", "\"99\"")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_routes_tag_changes_with_its_own_flags_only() throws Exception {
        String before = etag("/v1/routes/transactions");

        somebodyElseSets("accounts", 3);
        String afterAnother = etag("/v1/routes/transactions");
        somebodyElseSets("transactions", 3);
        String afterItsOwn = etag("/v1/routes/transactions");

        assertThat(afterAnother).isEqualTo(before);
        assertThat(afterItsOwn).isNotEqualTo(before);
    }

    private void somebodyElseSets(String route, int percent) {
        admin.revisions.setCanary(route, new Share(percent * 100), new Cause("squad-money", "because"));
    }

    private String etag(String path) throws Exception {
        return admin.get(path).headers().firstValue("ETag").orElseThrow();
    }

    private static List<Integer> both(
            CompletableFuture<HttpResponse<String>> one, CompletableFuture<HttpResponse<String>> other) {
        return Stream.of(one, other)
                .map(response -> response.join().statusCode())
                .toList();
    }
}
