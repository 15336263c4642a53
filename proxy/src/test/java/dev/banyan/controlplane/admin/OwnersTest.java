package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owners of data over HTTP: orders has its data with modern. */
class OwnersTest {
    private static final String OWNER = "/v1/routes/orders/owner";
    private static final String BACK =
            "{\"owner\":\"legacy\",\"reason\":\"refunds are wrong\",\"accept_stranded_writes\":true,\"wait_seconds\":40}";

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
    void an_owner_is_moved_and_the_audit_log_tells_it_as_the_command() throws Exception {
        HttpResponse<String> moved = admin.put(OWNER, BACK);

        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        assertThat(moved.body()).contains("orders: owner modern -> legacy");
        assertThat(admin.gates.calls()).containsExactly("close orders", "open orders");
        assertThat(admin.audit().get(0))
                .contains("writes move orders legacy --accept-stranded-writes", "refunds are wrong", "\"done\"");
    }

    @Test
    void what_would_be_stranded_is_refused_with_409() throws Exception {
        HttpResponse<String> refused = admin.put(OWNER, "{\"owner\":\"legacy\",\"reason\":\"x\"}");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(TestAdmin.json(refused).path("type").asText()).isEqualTo("/problems/strands-writes");
        assertThat(admin.gates.calls()).isEmpty();
    }

    @Test
    void a_move_that_waits_keeps_nobody_from_a_freeze_and_a_second_is_refused() throws Exception {
        admin.gates.underWay("orders", 1);
        CompletableFuture<HttpResponse<String>> move = admin.sendAsync("PUT", OWNER, BACK);
        await().until(() -> !admin.gates.state("orders").open());

        HttpResponse<String> second = admin.put(OWNER, BACK);
        JsonNode shown = TestAdmin.json(admin.get("/v1/writes"));
        HttpResponse<String> freeze = admin.put("/v1/freeze", "{\"reason\":\"fire\"}");

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body())
                .contains("/problems/move-under-way", "route orders is being moved to legacy, by admin");
        assertThat(shown.at("/moving/route").asText()).isEqualTo("orders");
        assertThat(shown.at("/routes/0/gate").asText()).isEqualTo("closed");
        assertThat(shown.at("/routes/0/under_way/legacy").asInt()).isEqualTo(1);
        assertThat(freeze.statusCode()).isEqualTo(200);
        assertThat(move.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(409);
        assertThat(move.get().body()).contains("/problems/changed-meanwhile");
    }

    @Test
    void the_owners_are_shown_with_what_modern_took() throws Exception {
        JsonNode writes = TestAdmin.json(admin.get("/v1/writes"));

        assertThat(writes.path("routes")).hasSize(1);
        JsonNode orders = writes.path("routes").get(0);
        assertThat(orders.path("id").asText()).isEqualTo("orders");
        assertThat(orders.path("owner").asText()).isEqualTo("modern");
        assertThat(orders.at("/modern_took/writes").asInt()).isEqualTo(340);
        assertThat(orders.at("/modern_took/users").asInt()).isEqualTo(12);
        assertThat(orders.at("/modern_took/exact").asBoolean()).isTrue();
    }

    @Test
    void a_wrong_side_or_wait_is_400_and_a_stale_tag_412() throws Exception {
        HttpResponse<String> bad =
                admin.put(OWNER, "{\"owner\":\"left\",\"reason\":\"x\",\"wait_seconds\":46,\"acept\":true}");
        HttpResponse<String> stale = admin.send("PUT", OWNER, BACK, "If-Match", "\"0123456789abcdef\"");

        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("owner: ", "wait_seconds: ", "acept: ");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(admin.gates.calls()).isEmpty();
    }

    @Test
    void a_route_without_an_owner_cannot_be_moved() throws Exception {
        HttpResponse<String> refused =
                admin.put("/v1/routes/transactions/owner", "{\"owner\":\"modern\",\"reason\":\"x\"}");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("/problems/no-owner");
    }
}
