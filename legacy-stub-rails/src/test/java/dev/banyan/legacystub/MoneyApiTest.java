package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class MoneyApiTest {

    private static final String JSON = "Content-Type: application/json";

    private static LegacyStub stub;

    @BeforeAll
    static void start() {
        stub = LegacyStub.start(StubOptions.onFreePort());
    }

    @AfterAll
    static void stop() {
        stub.close();
    }

    @Test
    void an_account_is_shown_with_decimals_as_strings_and_milliseconds() throws IOException {
        assertThat(RawClient.get(stub.port(), "/api/accounts/7").body())
                .isEqualTo("{\"id\":7,\"user_id\":4,\"name\":\"Everyday\",\"kind\":\"checking\",\"currency\":\"EUR\","
                        + "\"opening_balance\":\"929.75\",\"created_at\":\"2026-01-05T08:00:07.000Z\","
                        + "\"updated_at\":\"2026-01-05T08:00:07.000Z\"}");
    }

    @Test
    void what_was_posted_is_seen_by_the_next_read() throws IOException {
        RawClient.Answer created = RawClient.send(
                stub.port(),
                "POST",
                "/api/transactions",
                "{\"account_id\":7,\"amount\":\"-12.50\",\"description\":\"Tea & <cake>\"}",
                JSON,
                "Host: money.example");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).matches("http://money\\.example/api/transactions/\\d+");
        assertThat(created.body())
                .contains("\"user_id\":4,\"amount\":\"-12.5\",\"description\":\"Tea \\u0026 \\u003ccake\\u003e\"");
        String path = created.need("Location").substring("http://money.example".length());
        assertThat(RawClient.get(stub.port(), path).body()).isEqualTo(created.body());
        for (String list : new String[] {"/api/transactions", "/api/accounts/7/transactions"}) {
            assertThat(RawClient.get(stub.port(), list, "X-User-Id: 4").body())
                    .startsWith("{\"items\":[" + created.body() + ",");
        }
    }

    @Test
    void a_wrong_transaction_gets_422_with_every_error() throws IOException {
        RawClient.Answer answer =
                RawClient.send(stub.port(), "POST", "/api/transactions", "{\"account_id\":0,\"amount\":\"ten\"}", JSON);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body())
                .isEqualTo("{\"errors\":{\"account\":[\"must exist\"],\"amount\":[\"is not a number\"],"
                        + "\"description\":[\"can't be blank\"]}}");
    }

    @Test
    void a_body_that_is_no_json_gets_400() throws IOException {
        RawClient.Answer answer = RawClient.send(
                stub.port(), "POST", "/api/transactions", "{\"account_id\":", JSON, "Accept: application/json");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"status\":400,\"error\":\"Bad Request\"}");
    }

    @Test
    void a_user_sees_only_what_is_theirs_and_nobody_sees_all() throws IOException {
        assertThat(RawClient.get(stub.port(), "/api/accounts", "X-User-Id: 4").body())
                .contains("\"id\":8,", "\"id\":7,")
                .doesNotContain("\"id\":9,");
        assertThat(RawClient.get(stub.port(), "/api/accounts").body().split("\"id\":"))
                .hasSize(1 + 50);
        assertThat(RawClient.get(stub.port(), "/api/accounts/7", "X-User-Id: 5").status())
                .isEqualTo(404);
        assertThat(RawClient.get(stub.port(), "/api/goals", "X-User-Id: 4").body())
                .contains("\"user_id\":4,", "\"target\":\"");
    }

    @Test
    void me_needs_a_user() throws IOException {
        assertThat(RawClient.get(stub.port(), "/api/me").body())
                .isEqualTo("{\"status\":401,\"error\":\"Unauthorized\"}");
        assertThat(RawClient.get(stub.port(), "/api/me", "X-User-Id: 7").body()).startsWith("{\"id\":7,");
    }
}
