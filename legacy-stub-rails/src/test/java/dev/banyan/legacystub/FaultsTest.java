package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class FaultsTest {

    private static final String CONTROL = "/__stub/faults";

    private static LegacyStub stub;

    @BeforeAll
    static void start() {
        stub = LegacyStub.start(StubOptions.onFreePort());
    }

    @AfterAll
    static void stop() {
        stub.close();
    }

    @AfterEach
    void clear() throws IOException {
        RawClient.send(stub.port(), "DELETE", CONTROL, "");
    }

    @Test
    void errors_that_were_ordered_come_without_the_action_being_run() throws IOException {
        order("{\"path\":\"/api/transactions\",\"error_share\":1,\"status\":503}");

        RawClient.Answer answer = RawClient.send(
                stub.port(),
                "POST",
                "/api/transactions",
                "{\"account_id\":9,\"amount\":\"1.0\",\"description\":\"never\"}",
                "Content-Type: application/json",
                "Accept: application/json");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"status\":503,\"error\":\"Service Unavailable\"}");
        assertThat(RawClient.get(stub.port(), "/api/accounts/9/transactions").body())
                .doesNotContain("never");
        assertThat(RawClient.get(stub.port(), "/up").status()).isEqualTo(200);
    }

    @Test
    void latency_is_added_to_the_paths_named_and_to_no_other() throws IOException {
        order("{\"path\":\"/api/accounts/{id}\",\"latency_ms\":300}");

        assertThat(millisOf("/api/accounts/7")).isGreaterThanOrEqualTo(300);
        assertThat(millisOf("/up")).isLessThan(300);
    }

    @Test
    void a_reset_ends_the_connection_without_an_answer() throws IOException {
        order("{\"path\":\"/api/**\",\"reset_share\":1}");

        assertThatThrownBy(() -> RawClient.get(stub.port(), "/api/me")).isInstanceOf(SocketException.class);
    }

    @Test
    void the_rules_are_shown_and_cleared() throws IOException {
        order("{\"path\":\"/api/**\",\"error_share\":0.25}");

        assertThat(RawClient.get(stub.port(), CONTROL).body())
                .isEqualTo("{\"rules\":[{\"path\":\"/api/**\",\"latency_ms\":0,\"error_share\":0.25,\"status\":503,"
                        + "\"reset_share\":0.0}]}");
        assertThat(RawClient.send(stub.port(), "DELETE", CONTROL, "").body()).isEqualTo("{\"rules\":[]}");
    }

    @Test
    void a_rule_that_makes_no_sense_is_refused_with_what_was_expected() throws IOException {
        RawClient.Answer answer = RawClient.send(stub.port(), "POST", CONTROL, "{\"latency_ms\":-1}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).isEqualTo("{\"error\":\"latency_ms: -1 (expected: 0 to 600000)\"}");
    }

    private static void order(String rule) throws IOException {
        assertThat(RawClient.send(stub.port(), "POST", CONTROL, rule).status()).isEqualTo(201);
    }

    private static long millisOf(String path) throws IOException {
        long started = System.nanoTime();
        RawClient.get(stub.port(), path);
        return (System.nanoTime() - started) / 1_000_000;
    }
}
