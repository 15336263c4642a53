package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.routing.Side;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /v1/parity}: each answer is also held against the contract. */
class ParityViewTest {
    @TempDir
    Path data;

    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.in(data);
        admin.parity.inForce(admin.revisions.current().table());
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private JsonNode route(String query) throws Exception {
        return TestAdmin.json(admin.get("/v1/parity" + query)).path("routes").path(0);
    }

    @Test
    void a_difference_is_told_with_its_field_and_a_request_by_which_to_find_it() throws Exception {
        SeenAnswer found = new SeenAnswer(200, List.of(), new byte[0], "", 1);
        SeenAnswer missing = new SeenAnswer(404, List.of(), new byte[0], "", 1);
        admin.parity.read(new ShadowPair(
                "transactions",
                "GET /api/transactions",
                1,
                Instant.now().getEpochSecond(),
                17,
                1,
                "r-1",
                Side.LEGACY,
                found,
                missing,
                SecondLook.NONE));
        await().until(() -> route("?route=transactions").path("undecided").asLong() == 1);

        JsonNode route = route("?route=transactions&since=1");

        JsonNode difference = route.path("differences").path(0);
        assertThat(route.path("verdict").asText()).isEqualTo("undecided");
        assertThat(route.path("parity").path("lower").asDouble()).isZero();
        assertThat(route.path("parity").has("percent")).isFalse();
        assertThat(difference.path("standing").asText()).isEqualTo("undecided");
        assertThat(difference.path("fields").path(0).path("field").asText()).isEqualTo("status");
        assertThat(difference.path("fields").path(0).path("legacy").asText()).isEqualTo("200");
        assertThat(difference.path("samples").path(0).path("request_id").asText())
                .isEqualTo("r-1");
    }

    @Test
    void what_is_known_is_a_flag_with_who_and_why_and_can_be_taken_back() throws Exception {
        String path = "/v1/routes/transactions/known";
        String known =
                "{\"field\": \"$.items[*].amount\", \"owner\": \"squad-money\", \"until\": \"2099-01-31\", \"reason\": \"MON-12\"}";

        HttpResponse<String> set = admin.put(path, known);
        HttpResponse<String> again = admin.put(path, known);
        JsonNode shown = TestAdmin.json(admin.get("/v1/routes/transactions"))
                .path("flags")
                .path("known");
        HttpResponse<String> noDay = admin.put(path, known.replace("2099-01-31", "2099-02-31"));
        HttpResponse<String> cleared = admin.delete(path, "{\"field\": \"$.items[*].amount\", \"reason\": \"mended\"}");

        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        assertThat(set.body())
                .contains("transactions: difference in $.items[*].amount known until 2099-01-31 (of squad-money)");
        assertThat(TestAdmin.json(again).path("changed").asBoolean(true)).isFalse();
        assertThat(shown.path(0).path("owner").asText()).isEqualTo("squad-money");
        assertThat(shown.path(0).path("reason").asText()).isEqualTo("MON-12");
        assertThat(noDay.statusCode()).isEqualTo(400);
        assertThat(noDay.body()).contains("/until: no such day");
        assertThat(cleared.body()).contains("difference in $.items[*].amount not known any more");
    }

    @Test
    void before_anything_was_compared_it_says_what_it_needs() throws Exception {
        JsonNode route = route("?route=transactions");

        assertThat(route.path("verdict").asText()).isEqualTo("undecided");
        assertThat(route.path("needs").asLong()).isEqualTo(3_851);
        assertThat(route.has("parity")).isFalse();
    }

    @Test
    void a_route_that_there_is_not_is_404() throws Exception {
        HttpResponse<String> response = admin.get("/v1/parity?route=transaction");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("did you mean transactions?");
    }
}
