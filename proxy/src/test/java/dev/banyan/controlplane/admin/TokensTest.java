package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.controlplane.admin.access.GuessLimit;
import dev.banyan.controlplane.admin.tokens.Tokens;
import dev.banyan.json.Json;
import dev.banyan.stores.file.FileTokenStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final String TO_50 = "{\"percent\":50,\"reason\":\"x\"}";

    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.in(data, clock);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void a_made_token_works_at_once_is_kept_hashed_and_survives_a_restart() throws Exception {
        String token = make("{\"role\":\"operator\",\"name\":\"squad-money\"}")
                .path("token")
                .asText();

        assertThat(putCanary("transactions", token)).isEqualTo(200);
        assertThat(admin.revisions.current().author()).isEqualTo("squad-money");
        assertThat(Files.readString(data.resolve("tokens.json"))).doesNotContain(token);
        assertThat(admin.get("/v1/tokens").body()).contains("squad-money").doesNotContain(token, "hash");
        admin.close();
        admin = TestAdmin.in(data, clock);
        assertThat(putCanary("accounts", token)).isEqualTo(200);
    }

    @Test
    void an_operator_makes_no_tokens_and_a_viewer_changes_nothing() throws Exception {
        String operator =
                make("{\"role\":\"operator\",\"name\":\"op\"}").path("token").asText();
        String viewer =
                make("{\"role\":\"viewer\",\"name\":\"looker\"}").path("token").asText();

        assertThat(status("POST", "/v1/tokens", "{\"role\":\"admin\",\"name\":\"me\"}", operator))
                .isEqualTo(403);
        assertThat(status("GET", "/v1/tokens", "", operator)).isEqualTo(403);
        assertThat(putCanary("transactions", viewer)).isEqualTo(403);
        assertThat(status("GET", "/v1/table", "", viewer)).isEqualTo(200);
    }

    @Test
    void the_role_is_checked_before_the_body() throws Exception {
        String viewer =
                make("{\"role\":\"viewer\",\"name\":\"looker\"}").path("token").asText();

        assertThat(status("PUT", "/v1/routes/transactions/canary", "{", viewer)).isEqualTo(403);
        assertThat(status("PUT", "/v1/routes/none/canary", TO_50, viewer)).isEqualTo(403);
    }

    @Test
    void the_table_and_the_tokens_take_an_admin_and_what_can_be_taken_back_at_once_an_operator() throws Exception {
        String operator =
                make("{\"role\":\"operator\",\"name\":\"op\"}").path("token").asText();
        String admin2 =
                make("{\"role\":\"admin\",\"name\":\"boss\"}").path("token").asText();
        String rollback = "{\"revision\":1,\"reason\":\"x\"}";

        assertThat(putCanary("transactions", operator)).isEqualTo(200);
        assertThat(status("PUT", "/v1/freeze", "{}", operator)).isEqualTo(200);
        assertThat(status("DELETE", "/v1/freeze", "", operator)).isEqualTo(200);
        assertThat(status("POST", "/v1/rollback", rollback, operator)).isEqualTo(403);
        assertThat(status("POST", "/v1/rollback", rollback, admin2)).isEqualTo(200);
        assertThat(status("POST", "/v1/unpin", "{}", operator)).isEqualTo(403);
        assertThat(status("POST", "/v1/unpin", "{}", admin2)).isEqualTo(200);
    }

    @Test
    void a_token_bound_to_routes_changes_these_and_nothing_that_is_shared() throws Exception {
        String token = make("{\"role\":\"operator\",\"name\":\"sq\",\"routes\":[\"transactions\",\"orders\"]}")
                .path("token")
                .asText();

        assertThat(putCanary("transactions", token)).isEqualTo(200);
        assertThat(status("PUT", "/v1/routes/transactions/freeze", "{}", token)).isEqualTo(200);
        assertThat(status("DELETE", "/v1/routes/transactions/freeze", "", token))
                .isEqualTo(200);
        assertThat(status("PUT", "/v1/routes/orders/freeze", "{}", token)).isEqualTo(200);
        HttpResponse<String> other =
                admin.send("PUT", "/v1/routes/accounts/canary", TO_50, "Authorization", "Bearer " + token);
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.body()).contains("/problems/other-route", "orders, transactions");
        assertThat(status("PUT", "/v1/freeze", "{}", token)).isEqualTo(403);
        assertThat(status("DELETE", "/v1/freeze", "", token)).isEqualTo(403);
        assertThat(status("POST", "/v1/tokens", "{\"role\":\"viewer\",\"name\":\"me\"}", token))
                .isEqualTo(403);
        assertThat(status("GET", "/v1/routes/accounts", "", token)).isEqualTo(200);
    }

    @Test
    void a_bound_token_stays_bound_over_a_restart_and_is_shown_with_its_routes() throws Exception {
        String token = make("{\"role\":\"operator\",\"name\":\"sq\",\"route\":\"transactions\"}")
                .path("token")
                .asText();

        admin.close();
        admin = TestAdmin.in(data, clock);

        assertThat(putCanary("transactions", token)).isEqualTo(200);
        assertThat(putCanary("accounts", token)).isEqualTo(403);
        assertThat(TestAdmin.json(admin.get("/v1/tokens")).at("/tokens/1/routes"))
                .isEqualTo(Json.array(List.of("transactions")));
    }

    @Test
    void a_token_that_would_be_bound_to_nothing_or_needs_no_binding_is_not_made() throws Exception {
        for (String binding : List.of(
                "\"routes\":[]",
                "\"routes\":\"transactions\"",
                "\"routes\":[1]",
                "\"routes\":[\"../x\"]",
                "\"routes\":[\"a\"],\"route\":\"b\"",
                "\"route\":null",
                "\"routes\":null")) {
            assertThat(status(
                            "POST",
                            "/v1/tokens",
                            "{\"role\":\"operator\",\"name\":\"sq\"," + binding + "}",
                            admin.token))
                    .as(binding)
                    .isEqualTo(400);
        }
        for (String role : List.of("viewer", "admin")) {
            HttpResponse<String> response = admin.post(
                    "/v1/tokens", "{\"role\":\"" + role + "\",\"name\":\"sq\",\"routes\":[\"transactions\"]}");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("only an operator's token can be bound");
        }
        assertThat(TestAdmin.json(admin.get("/v1/tokens")).path("tokens")).hasSize(1);
    }

    @Test
    void a_file_whose_binding_was_lost_stops_the_start_instead_of_freeing_the_token() throws Exception {
        make("{\"role\":\"operator\",\"name\":\"sq\",\"routes\":[\"transactions\"]}");
        admin.closeServer().get(10, java.util.concurrent.TimeUnit.SECONDS);
        Path file = data.resolve("tokens.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"routes\" : \\[[^]]*]", "\"routes\" : []"));

        assertThatThrownBy(() -> Tokens.open(new FileTokenStore(data), clock, new SecureRandom()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokens.json")
                .hasMessageContaining("fix: ");
    }

    @Test
    void an_expired_token_is_401() throws Exception {
        String token = make("{\"role\":\"viewer\",\"name\":\"guest\",\"expires\":\"12h\"}")
                .path("token")
                .asText();

        clock.move(Duration.ofHours(12).minusSeconds(1));
        assertThat(status("GET", "/v1/table", "", token)).isEqualTo(200);
        clock.move(Duration.ofSeconds(1));
        assertThat(status("GET", "/v1/table", "", token)).isEqualTo(401);
    }

    @Test
    void a_revoked_token_is_401_from_the_next_request_on_and_the_last_admin_stays() throws Exception {
        JsonNode made = make("{\"role\":\"viewer\",\"name\":\"guest\"}");
        String first =
                TestAdmin.json(admin.get("/v1/tokens")).at("/tokens/0/id").asText();

        assertThat(admin.delete("/v1/tokens/" + made.path("id").asText(), "").statusCode())
                .isEqualTo(200);
        assertThat(status("GET", "/v1/table", "", made.path("token").asText())).isEqualTo(401);
        assertThat(admin.delete("/v1/tokens/" + made.path("id").asText(), "").statusCode())
                .isEqualTo(404);
        assertThat(admin.delete("/v1/tokens/" + first, "").statusCode()).isEqualTo(409);
    }

    @Test
    void nobody_can_pass_as_an_author_that_is_no_person() throws Exception {
        for (String name : List.of("files", "start", "ramp", "a b", "", "x".repeat(65), "../x")) {
            assertThat(admin.post("/v1/tokens", "{\"role\":\"viewer\",\"name\":\"" + name + "\"}")
                            .statusCode())
                    .as(name)
                    .isEqualTo(400);
        }
    }

    @Test
    void the_memory_for_peers_with_wrong_tokens_is_bounded() {
        GuessLimit limit = new GuessLimit(clock);
        for (int i = 0; i <= GuessLimit.ATTEMPTS; i++) {
            limit.wrongToken("first");
        }
        assertThat(limit.wrongToken("first")).isPresent();

        for (int i = 0; i < 5_000; i++) {
            limit.wrongToken("peer " + i);
        }

        assertThat(limit.wrongToken("first")).as("forgotten").isEmpty();
    }

    private JsonNode make(String body) throws Exception {
        HttpResponse<String> response = admin.post("/v1/tokens", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return TestAdmin.json(response);
    }

    private int putCanary(String route, String token) throws Exception {
        return status("PUT", "/v1/routes/" + route + "/canary", TO_50, token);
    }

    private int status(String method, String path, String body, String token) throws Exception {
        return admin.send(method, path, body, "Authorization", "Bearer " + token)
                .statusCode();
    }
}
