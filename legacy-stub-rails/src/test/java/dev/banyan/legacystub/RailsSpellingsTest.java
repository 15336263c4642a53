package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to say the same to Rails, each of them a way past a proxy that does not know it. */
final class RailsSpellingsTest {

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/accounts/7/",
                "//api///accounts/7",
                "/api/accounts/7.json",
                "/api/accounts/7.json/",
                "/api/accounts/7.xml",
                "/api/accounts/7?x=1"
            })
    void other_spellings_of_a_path_reach_the_same_action(String path) throws IOException {
        String canonical = RawClient.get(stub.port(), "/api/accounts/7").body();

        RawClient.Answer answer = RawClient.get(stub.port(), path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%61pi/accounts/7",
                "/api/./accounts/7",
                "/x/../api/accounts/7",
                "/api/accounts/7.",
                "/api/accounts/%37"
            })
    void rails_decodes_and_resolves_nothing_before_it_routes(String path) throws IOException {
        assertThat(RawClient.get(stub.port(), path).status()).isEqualTo(404);
    }

    @Test
    void a_posted_form_may_mean_delete() throws IOException {
        assertThat(RawClient.send(stub.port(), "POST", "/logout", "_method=delete", FORM)
                        .status())
                .isEqualTo(302);
        assertThat(RawClient.send(stub.port(), "POST", "/logout", "_method=delete")
                        .status())
                .as("no type: Rack takes it for a form")
                .isEqualTo(302);
    }

    @Test
    void a_multipart_form_may_mean_delete() throws IOException {
        String body = "--b\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\ndelete\r\n--b--\r\n";

        assertThat(RawClient.send(stub.port(), "POST", "/logout", body, "Content-Type: multipart/form-data; boundary=b")
                        .status())
                .isEqualTo(302);
    }

    @Test
    void the_header_overrides_a_post_but_not_a_get_and_not_the_body() throws IOException {
        String override = "X-HTTP-Method-Override: DELETE";

        assertThat(RawClient.send(stub.port(), "POST", "/logout", "", override).status())
                .isEqualTo(302);
        assertThat(RawClient.send(stub.port(), "GET", "/logout", "", override).status())
                .isEqualTo(404);
        assertThat(RawClient.send(stub.port(), "POST", "/logout", "_method=patch", FORM, override)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void neither_the_query_nor_json_overrides_the_method() throws IOException {
        assertThat(RawClient.send(stub.port(), "POST", "/logout?_method=delete", "{}", JSON)
                        .status())
                .isEqualTo(404);
        assertThat(RawClient.send(stub.port(), "POST", "/logout", "{\"_method\":\"delete\"}", JSON)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_post_that_means_get_reads() throws IOException {
        assertThat(RawClient.send(stub.port(), "POST", "/api/accounts/7", "_method=get", FORM)
                        .status())
                .isEqualTo(200);
    }
}
