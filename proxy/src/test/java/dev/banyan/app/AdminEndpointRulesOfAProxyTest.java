package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.testing.RawUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The rules of the admin endpoint that only a proxy with traffic can keep or break. */
class AdminEndpointRulesOfAProxyTest {
    private static final String SECRET = "k3ep-th1s-t0-y0urself";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0"})
    void neither_a_request_nor_a_probe_reaches_the_admin_endpoint_by_way_of_an_upstream(String host) throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            // /livez is answered without a token: a probe that got there would find the endpoint well.
            proxy.write("inwards.yaml", """
                    banyan: 1
                    upstreams:
                      inwards:
                        url: "http://%s:%d"
                        health: { path: /livez, every: 100ms, unhealthy-after: 1 }
                    routes:
                      livez: { match: [ GET /livez ], modern: inwards }
                    """.formatted(host, proxy.proxy().adminPort()));
            await().untilAsserted(() ->
                    assertThat(proxy.admin("GET", "/v1/upstreams", "").body()).contains("\"state\":\"unhealthy\""));

            HttpResponse<String> answer = proxy.get("/livez", "X-User-Id", "7");

            assertThat(answer.statusCode()).isIn(502, 503);
        }
    }

    @Test
    void credentials_are_in_no_log_no_file_and_no_explanation() throws Exception {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level level = root.getLevel();
        Path accessLog = directory.resolve("access.jsonl");
        logged.start();
        root.addAppender(logged);
        root.setLevel(Level.DEBUG);
        try (TestProxy proxy = TestProxy.logging(
                directory,
                accessLog,
                RawUpstream.answering("HTTP/1.1 200 OK\r\nSet-Cookie: session=" + SECRET + "\r\nAuthorization: Bearer "
                        + SECRET + "\r\nContent-Length: 0\r\n\r\n"))) {
            List<String> answers = new ArrayList<>();
            for (String field : List.of("Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization")) {
                for (String value : List.of("Bearer " + SECRET, "session=" + SECRET, "banyan-side=" + SECRET)) {
                    assertThat(proxy.get("/api/transactions", field, value).statusCode())
                            .isEqualTo(200);
                    answers.add(withoutToken(proxy, field, value));
                    answers.add(proxy.admin("PUT", "/v1/routes/transactions/freeze", "{", field, value)
                            .body());
                    answers.add(proxy.admin("POST", "/v1/explain", question(field, value))
                            .body());
                }
            }
            answers.add(proxy.setCanary(50).body());
            await().untilAsserted(
                            () -> assertThat(Files.readAllLines(accessLog)).hasSameSizeAs(proxy.transactionsHeads()));
            answers.add(proxy.admin("GET", "/v1/audit", "").body());
            answers.add(proxy.admin("GET", "/metrics", "").body());

            assertThat(proxy.transactionsHeads()).as("it was sent").anyMatch(head -> head.contains(SECRET));
            assertThat(String.join("\n", answers)).contains("\"candidates\"").doesNotContain(SECRET);
        } finally {
            root.detachAppender(logged);
            root.setLevel(level);
        }

        assertThat(List.copyOf(logged.list))
                .isNotEmpty()
                .noneMatch(event -> event.getFormattedMessage().contains(SECRET));
        assertThat(filesWith("a test says so"))
                .as("the search finds what is there")
                .isNotEmpty();
        assertThat(filesWith(SECRET)).isEmpty();
    }

    private static String withoutToken(TestProxy proxy, String field, String value) throws Exception {
        URI table = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/v1/table");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(table).header(field, value).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        return answer.body();
    }

    private static String question(String field, String value) throws Exception {
        return new ObjectMapper()
                .writeValueAsString(Map.of("request", "GET /api/transactions", "headers", Map.of(field, value)));
    }

    private List<Path> filesWith(String text) throws Exception {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
