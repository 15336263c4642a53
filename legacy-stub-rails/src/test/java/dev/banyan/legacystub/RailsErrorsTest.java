package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that no action made. */
final class RailsErrorsTest {

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
    void an_unknown_path_gets_json_if_accept_says_so() throws IOException {
        RawClient.Answer answer = RawClient.get(stub.port(), "/nope", "Accept: application/json");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"status\":404,\"error\":\"Not Found\"}");
        assertThat(answer.names()).containsExactly("Content-Type", "X-Request-Id", "X-Runtime", "Content-Length");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
    }

    @Test
    void an_unknown_path_gets_html_otherwise_even_for_curls_json_suffix() throws IOException {
        assertThat(RawClient.get(stub.port(), "/nope").header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
        assertThat(RawClient.get(stub.port(), "/nope.json", "Accept: */*").header("Content-Type"))
                .isEqualTo("text/html; charset=UTF-8");
        assertThat(RawClient.get(stub.port(), "/nope.json").header("Content-Type"))
                .isEqualTo("application/json; charset=UTF-8");
    }

    @Test
    void a_missing_row_is_told_in_json_by_the_api_itself() throws IOException {
        RawClient.Answer answer = RawClient.get(stub.port(), "/api/accounts/999999");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"status\":404,\"error\":\"Not Found\"}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("ETag")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/__admin/mappings",
                "/__admin",
                "/__files/x",
                "/__stub",
                "/__stub/faults/x",
                "/api",
                "/api/accounts/7x"
            })
    void no_path_leads_past_the_app(String path) throws IOException {
        RawClient.Answer answer = RawClient.get(stub.port(), path, "Accept: application/json");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("X-Request-Id")).isNotNull();
    }

    @Test
    void an_unknown_verb_gets_405_and_a_wrong_one_404() throws IOException {
        assertThat(RawClient.send(stub.port(), "FOO", "/", "").status()).isEqualTo(405);
        assertThat(RawClient.send(stub.port(), "OPTIONS", "/", "").status()).isEqualTo(404);
        assertThat(RawClient.send(stub.port(), "DELETE", "/api/accounts/7", "").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/%ff", "/?q=%zz", "/?q=%ff"})
    void what_is_wrongly_encoded_gets_400_without_a_page(String path) throws IOException {
        RawClient.Answer answer = RawClient.get(stub.port(), path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void a_form_from_another_origin_is_a_forgery() throws IOException {
        RawClient.Answer answer = RawClient.send(
                stub.port(),
                "POST",
                "/login",
                "user_id=7",
                "Content-Type: application/x-www-form-urlencoded",
                "Host: money.example",
                "Origin: https://evil.example");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Set-Cookie")).isNull();
    }
}
