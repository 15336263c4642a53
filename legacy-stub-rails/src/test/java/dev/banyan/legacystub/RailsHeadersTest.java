package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Headers, their order, and how a body is framed, as puma sends them. */
final class RailsHeadersTest {

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
    void a_page_has_the_headers_of_rails_in_the_order_of_rails_and_is_chunked() throws IOException {
        RawClient.Answer page = RawClient.get(stub.port(), "/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.names())
                .containsExactly(
                        "X-Frame-Options",
                        "X-XSS-Protection",
                        "X-Content-Type-Options",
                        "X-Download-Options",
                        "X-Permitted-Cross-Domain-Policies",
                        "Referrer-Policy",
                        "Content-Type",
                        "ETag",
                        "Cache-Control",
                        "Set-Cookie",
                        "X-Request-Id",
                        "X-Runtime",
                        "Transfer-Encoding");
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("ETag")).matches("W/\"[0-9a-f]{32}\"");
        assertThat(page.header("Cache-Control")).isEqualTo("max-age=0, private, must-revalidate");
        assertThat(page.header("X-Runtime")).matches("\\d+\\.\\d{6}");
    }

    @Test
    void vary_names_accept_only_if_the_client_sent_one_that_rails_believes() throws IOException {
        String path = "/api/accounts/7";

        assertThat(RawClient.get(stub.port(), path).header("Vary")).isNull();
        assertThat(RawClient.get(stub.port(), path, "Accept: */*").header("Vary"))
                .isEqualTo("Accept");
        assertThat(RawClient.get(stub.port(), path, "Accept: text/html,*/*;q=0.8")
                        .header("Vary"))
                .isNull();
    }

    @Test
    void what_the_client_has_already_gets_304_without_body_type_or_length() throws IOException {
        try (RawClient client = new RawClient(stub.port())) {
            String etag = client.exchange("GET", "/api/accounts/7", "").header("ETag");

            RawClient.Answer second = client.exchange("GET", "/api/accounts/7", "", "If-None-Match: " + etag);

            assertThat(second.status()).isEqualTo(304);
            assertThat(second.header("ETag")).isEqualTo(etag);
            assertThat(second.names())
                    .contains("Cache-Control", "X-Request-Id")
                    .doesNotContain("Content-Type", "Content-Length", "Transfer-Encoding");
            assertThat(client.exchange("GET", "/up", "").status())
                    .as("the connection goes on")
                    .isEqualTo(200);
        }
    }

    @Test
    void head_is_get_without_body_and_without_framing() throws IOException {
        try (RawClient client = new RawClient(stub.port())) {
            RawClient.Answer get = client.exchange("GET", "/api/accounts/7", "");

            RawClient.Answer head = client.exchange("HEAD", "/api/accounts/7", "");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
            assertThat(head.names()).doesNotContain("Content-Length", "Transfer-Encoding");
            assertThat(client.exchange("GET", "/up", "").status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_id_is_cleaned_and_echoed_or_made() throws IOException {
        assertThat(RawClient.get(stub.port(), "/up", "X-Request-Id: a_b-c@d/../<e> f")
                        .header("X-Request-Id"))
                .isEqualTo("a_b-c@def");
        assertThat(RawClient.get(stub.port(), "/up", "X-Request-Id: " + "x".repeat(300))
                        .header("X-Request-Id"))
                .hasSize(255);
        assertThat(RawClient.get(stub.port(), "/up", "X-Request-Id: !!").header("X-Request-Id"))
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void a_redirect_is_built_from_host_and_forwarded_proto() throws IOException {
        RawClient.Answer redirect = RawClient.send(
                stub.port(),
                "POST",
                "/login",
                "user_id=7",
                "Content-Type: application/x-www-form-urlencoded",
                "Host: money.example:8080",
                "X-Forwarded-Proto: https, http");

        assertThat(redirect.status()).isEqualTo(302);
        assertThat(redirect.header("Location")).isEqualTo("https://money.example:8080/");
        assertThat(redirect.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(redirect.body())
                .isEqualTo("<html><body>You are being <a href=\"https://money.example:8080/\">redirected</a>."
                        + "</body></html>");
    }

    @Test
    void two_headers_that_disagree_about_the_client_are_an_error_of_500() throws IOException {
        assertThat(RawClient.get(stub.port(), "/up", "Client-Ip: 1.2.3.4", "X-Forwarded-For: 5.6.7.8")
                        .status())
                .isEqualTo(500);
    }
}
