package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhoGetsInTest {
    @TempDir
    Path data;

    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.in(data);
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
    }

    @Test
    void the_token_of_an_earlier_start_is_still_good() throws Exception {
        admin.close();
        TestAdmin again = TestAdmin.in(data);
        String before = admin.token;
        admin = again;

        assertThat(again.token).isEqualTo(before);
        assertThat(again.get("/v1/table").statusCode()).isEqualTo(200);
    }

    @Test
    void without_a_token_every_path_is_401_whether_it_exists_or_not() throws Exception {
        for (String path :
                new String[] {"/v1/table", "/v1/nothing", "/", "/livez/", "//livez", "/v1/routes/%zz", "/v1/../livez"
                }) {
            String answer = admin.raw(
                    "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port() + "\r\nConnection: close\r\n\r\n");

            assertThat(answer).as(path).startsWith("HTTP/1.1 401 ").containsIgnoringCase("www-authenticate: Bearer");
        }
    }

    @Test
    void with_a_token_a_path_that_does_not_exist_is_404() throws Exception {
        HttpResponse<String> response = admin.get("/v1/nothing");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void with_a_token_a_method_that_the_path_does_not_take_is_405() throws Exception {
        HttpResponse<String> response = admin.delete("/v1/table", "");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow"))
                .hasValueSatisfying(allow -> assertThat(allow).contains("GET"));
    }

    @Test
    void health_and_metrics_are_open_on_both_listeners() throws Exception {
        for (int port : new int[] {admin.port(), admin.healthPort()}) {
            for (String path : new String[] {"/livez", "/readyz", "/metrics"}) {
                assertThat(admin.sendWithoutToken(port, "GET", path).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void the_health_listener_has_nothing_else() throws Exception {
        HttpResponse<String> response = admin.sendWithoutToken(
                admin.healthPort(), "GET", "/v1/table", "Authorization", "Bearer " + admin.token);

        assertThat(response.statusCode()).isEqualTo(404);
    }

    @Test
    void a_host_that_is_not_ours_is_403_even_with_a_token() throws Exception {
        String answer = admin.raw("GET /v1/table HTTP/1.1\r\nHost: evil.example:" + admin.port()
                + "\r\nAuthorization: Bearer " + admin.token + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("/problems/forbidden-host");
    }
}
