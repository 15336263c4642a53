package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.legacystub.session.EncryptedCookie;
import dev.banyan.legacystub.session.SessionCookie;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class LoginTest {

    private static LegacyStub stub;

    private final EncryptedCookie sessions = new EncryptedCookie(
            SessionCookie.NAME, StubOptions.DEMO_SECRET_KEY_BASE, Clock.systemUTC(), new SecureRandom());

    @BeforeAll
    static void start() {
        stub = LegacyStub.start(StubOptions.onFreePort());
    }

    @AfterAll
    static void stop() {
        stub.close();
    }

    @Test
    void a_login_sets_a_session_cookie_that_rails_could_read() throws IOException {
        RawClient.Answer login = logIn(7);

        assertThat(login.status()).isEqualTo(200);
        assertThat(login.header("Set-Cookie")).endsWith("; path=/; HttpOnly; SameSite=Lax");
        ObjectNode session =
                Objects.requireNonNull(sessions.open(login.cookie().substring("_money_session=".length())));
        assertThat(session.path("session_id").asText()).matches("[0-9a-f]{32}");
        assertThat(session.path("user_id").asInt()).isEqualTo(7);
        assertThat(session.path("_csrf_token").asText()).isNotEmpty();
    }

    @Test
    void the_cookie_says_who_asks_and_comes_back_sealed_anew() throws IOException {
        String cookie = logIn(7).cookie();

        RawClient.Answer me = RawClient.get(stub.port(), "/api/me", "Cookie: a=b; " + cookie + "; c=d");

        assertThat(me.body()).startsWith("{\"id\":7,");
        assertThat(me.cookie()).startsWith("_money_session=").isNotEqualTo(cookie);
        assertThat(RawClient.get(stub.port(), "/api/me", "Cookie: " + me.cookie())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void an_answer_that_did_not_look_at_the_session_sets_no_cookie() throws IOException {
        String cookie = "Cookie: " + logIn(7).cookie();

        assertThat(RawClient.get(stub.port(), "/up", cookie).header("Set-Cookie"))
                .isNull();
        assertThat(RawClient.get(stub.port(), "/nope", cookie).header("Set-Cookie"))
                .isNull();
        assertThat(RawClient.get(stub.port(), "/api/me", cookie, "X-User-Id: 9").header("Set-Cookie"))
                .as("the header came first")
                .isNull();
        assertThat(RawClient.get(stub.port(), "/api/accounts").header("Set-Cookie"))
                .as("nothing to keep")
                .isNull();
    }

    @Test
    void a_cookie_is_issued_again_even_with_304() throws IOException {
        String cookie = "Cookie: " + logIn(7).cookie();
        String etag = RawClient.get(stub.port(), "/api/accounts/14", cookie).header("ETag");

        RawClient.Answer unchanged = RawClient.get(stub.port(), "/api/accounts/14", cookie, "If-None-Match: " + etag);

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("Set-Cookie")).isNotNull();
    }

    @Test
    void two_cookie_lines_lose_the_session_and_of_two_cookies_the_first_wins() throws IOException {
        String seven = logIn(7).cookie();
        String nine = logIn(9).cookie();

        assertThat(RawClient.get(stub.port(), "/api/me", "Cookie: " + seven, "Cookie: a=b")
                        .status())
                .isEqualTo(401);
        assertThat(RawClient.get(stub.port(), "/api/me", "Cookie: " + seven + "; " + nine)
                        .body())
                .startsWith("{\"id\":7,");
    }

    @Test
    void after_a_logout_the_new_cookie_is_nobodys() throws IOException {
        String cookie = logIn(7).cookie();

        RawClient.Answer logout =
                RawClient.send(stub.port(), "DELETE", "/logout", "", "Cookie: " + cookie, "Accept: application/json");

        assertThat(logout.status()).isEqualTo(204);
        assertThat(RawClient.get(stub.port(), "/api/me", "Cookie: " + logout.cookie())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void an_unknown_user_cannot_log_in() throws IOException {
        assertThat(logIn(201).status()).isEqualTo(401);
    }

    private static RawClient.Answer logIn(int user) throws IOException {
        return RawClient.send(
                stub.port(), "POST", "/login", "{\"user_id\":" + user + "}", "Content-Type: application/json");
    }
}
