package dev.banyan.services.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.services.kit.RunningService;
import dev.banyan.services.kit.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountsApiTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static RunningService accounts;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        accounts = RunningService.start(AccountsService.DEFINITION, ServiceSettings.onFreePort(data));
    }

    @AfterAll
    static void stop() throws IOException {
        accounts.close();
    }

    @Test
    void an_account_is_json_that_may_be_kept_and_asked_for_again() throws Exception {
        HttpResponse<String> answer = send("GET", "/api/accounts/7");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).isEqualTo("max-age=0, private, must-revalidate");
        HttpResponse<String> again =
                send("GET", "/api/accounts/7", "If-None-Match", "\"other\", " + header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.headers().firstValue("Content-Length")).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(header(answer, "ETag"));
    }

    @Test
    void head_tells_the_length_that_get_would_have() throws Exception {
        HttpResponse<String> head = send("HEAD", "/api/accounts/7");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length"))
                .isEqualTo(String.valueOf(send("GET", "/api/accounts/7").body().length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /api/accounts/7/transactions",
                "GET /api/accounts/999999",
                "GET /api/accounts/x",
                "GET /api/accounts/99999999999999999999",
                "POST /api/accounts",
                "DELETE /api/accounts/7"
            })
    void all_else_is_not_found(String request) throws Exception {
        String[] parts = request.split(" ", 2);

        HttpResponse<String> answer = send(parts[0], parts[1]);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"status\":404,\"error\":\"Not Found\"}");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json; charset=utf-8");
    }

    @Test
    void another_users_account_is_not_found() throws Exception {
        assertThat(send("GET", "/api/accounts/7", "X-User-Id", "4").statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/api/accounts/7", "X-User-Id", "5").statusCode())
                .isEqualTo(404);
    }

    @Test
    void the_trace_of_the_caller_comes_back() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        HttpResponse<String> answer =
                send("GET", "/api/accounts", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

        assertThat(header(answer, "traceparent")).startsWith("00-" + trace + "-");
    }

    @Test
    void health_and_metrics_are_told_by_pattern_and_not_by_path() throws Exception {
        send("GET", "/api/accounts/7");

        assertThat(send("GET", "/health").body()).contains("\"status\":\"up\"");
        HttpResponse<String> metrics = send("GET", "/metrics");
        assertThat(header(metrics, "Content-Type")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body())
                .contains("http_server_requests_seconds_count{method=\"GET\",route=\"/api/accounts/:id\","
                        + "service=\"accounts\",status=\"200\"}")
                .doesNotContain("accounts/7");
    }

    private static HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + accounts.port() + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
