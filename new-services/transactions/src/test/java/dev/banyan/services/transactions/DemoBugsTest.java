package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.services.accounts.AccountsService;
import dev.banyan.services.kit.RunningService;
import dev.banyan.services.kit.Service;
import dev.banyan.services.kit.ServiceSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the services can be told to get wrong, who may tell them, and that nobody else can. */
final class DemoBugsTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Requests that, together, no bug that shows in reads gets past. */
    private static final List<String> READS = List.of(
            "/api/accounts 7",
            "/api/accounts?kind=savings 7",
            "/api/accounts/9999 7",
            "/api/accounts/13/summary 7",
            "/api/transactions 7",
            "/api/transactions 80",
            "/api/transactions 160",
            "/api/transactions/42 ",
            "/api/transactions/9999 7",
            "/api/transactions 7 de");

    private static RunningService accounts;
    private static RunningService transactions;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        accounts = start(AccountsService.DEFINITION, data);
        transactions = start(TransactionsService.DEFINITION, data);
    }

    private static RunningService start(Service.Definition definition, Path data) throws IOException {
        return RunningService.start(
                definition,
                ServiceSettings.onFreePort(data.resolve(definition.name())).forDemo());
    }

    @AfterAll
    static void stop() throws IOException {
        transactions.close();
        accounts.close();
    }

    @Test
    void there_are_thirty_one_each_with_what_it_shows_in() throws Exception {
        List<String> names = new ArrayList<>();
        Map<String, Integer> shownIn = new TreeMap<>();
        for (JsonNode bug : bugs()) {
            names.add(bug.get("name").asText());
            shownIn.merge(bug.get("shows-in").asText(), 1, Integer::sum);
            assertThat(bug.get("on").asBoolean()).isFalse();
        }

        assertThat(names).hasSize(31).doesNotHaveDuplicates();
        assertThat(shownIn).isEqualTo(Map.of("reads", 26, "latency", 2, "anonymous", 1, "probe", 1, "nothing", 1));
    }

    @Test
    void each_that_shows_in_reads_changes_the_answer_to_one_and_goes_without_a_trace() throws Exception {
        Map<String, String> right = answers();
        for (JsonNode bug : bugs()) {
            String name = bug.get("name").asText();
            // What is stale is so after a write, and what is lost is one: see StandInForEventsTest.
            if (name.equals("stale-data") || name.equals("lost-write")) {
                continue;
            }
            turn("PUT", name);
            Map<String, String> wrong = answers();
            turn("DELETE", name);

            assertThat(!wrong.equals(right))
                    .as(name)
                    .isEqualTo(List.of("reads", "nothing")
                            .contains(bug.get("shows-in").asText()));
            assertThat(answers()).as("after " + name).isEqualTo(right);
        }
    }

    @Test
    void a_check_of_the_user_can_be_skipped() throws Exception {
        turn("PUT", "skipped-user-check");
        String stranger = answer(accounts.port(), "/api/accounts/13/summary", "", "");
        String other = answer(accounts.port(), "/api/accounts/13/summary", "8", "");
        turn("DELETE", "skipped-user-check");

        assertThat(stranger).startsWith("200 ").contains("\"user_id\":7");
        assertThat(other).startsWith("200 ");
        assertThat(answer(accounts.port(), "/api/accounts/13/summary", "", "")).startsWith("401 ");
        assertThat(answer(accounts.port(), "/api/accounts/13/summary", "8", "")).startsWith("404 ");
    }

    @Test
    void a_check_of_the_owner_can_be_skipped() throws Exception {
        turn("PUT", "skipped-owner-check");
        String stranger = answer(accounts.port(), "/api/accounts/13/summary", "", "");
        String other = answer(accounts.port(), "/api/accounts/13/summary", "8", "");
        turn("DELETE", "skipped-owner-check");

        assertThat(stranger).startsWith("401 ");
        assertThat(other).startsWith("200 ").contains("\"user_id\":7");
    }

    @Test
    void what_is_not_known_is_told_with_what_is() throws Exception {
        HttpResponse<String> answer = control(transactions.port(), "PUT", "/_bugs/none");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("no such bug here", "wrong-rounding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.test",
                "Host: 127.0.0.1.evil.test:80",
                "Host: localhost\r\nOrigin: http://localhost",
                "Host: localhost\r\nX-Forwarded-For: 127.0.0.1",
                "Host: localhost\r\nForwarded: for=127.0.0.1",
                "Host: localhost\r\nVia: 1.1 a",
                "Host: localhost\r\nX-Banyan-Shadow: 1",
                "Host: localhost\r\nx-banyan-request-id: 1"
            })
    void for_who_does_not_ask_from_here_the_path_does_not_exist(String headers) throws Exception {
        for (String request : List.of("GET /_bugs", "PUT /_bugs/wrong-rounding", "POST /_writes")) {
            assertThat(raw(transactions.port(), request + " HTTP/1.1\r\n" + headers + "\r\nContent-Length: 0\r\n"))
                    .as(request)
                    .startsWith("HTTP/1.1 404 ");
        }
        assertThat(raw(transactions.port(), "GET /_bugs HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("\"on\":true");
    }

    @Test
    void a_service_that_was_not_told_to_has_none(@TempDir Path data) throws Exception {
        try (RunningService plain =
                RunningService.start(TransactionsService.DEFINITION, ServiceSettings.onFreePort(data))) {
            assertThat(control(plain.port(), "GET", "/_bugs").statusCode()).isEqualTo(404);
            assertThat(control(plain.port(), "PUT", "/_bugs/wrong-rounding").statusCode())
                    .isEqualTo(404);
            assertThat(control(plain.port(), "POST", "/_writes").statusCode()).isEqualTo(404);
        }
    }

    private static List<JsonNode> bugs() throws Exception {
        List<JsonNode> bugs = new ArrayList<>();
        for (RunningService service : List.of(accounts, transactions)) {
            JSON.readTree(control(service.port(), "GET", "/_bugs").body()).forEach(bugs::add);
        }
        return bugs;
    }

    private static void turn(String method, String bug) throws Exception {
        int known = 0;
        for (RunningService service : List.of(accounts, transactions)) {
            if (control(service.port(), method, "/_bugs/" + bug).statusCode() == 200) {
                known++;
            }
        }
        assertThat(known).as(bug).isEqualTo(1);
    }

    private static Map<String, String> answers() throws Exception {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String read : READS) {
            String[] parts = read.split(" ", -1);
            int port = parts[0].startsWith("/api/accounts") ? accounts.port() : transactions.port();
            answers.put(read, answer(port, parts[0], parts[1], parts.length > 2 ? parts[2] : ""));
        }
        return answers;
    }

    /** Status, headers and body, but for what is new each time. */
    private static String answer(int port, String path, String user, String language) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!user.isEmpty()) {
            request.header("X-User-Id", user);
        }
        if (!language.isEmpty()) {
            request.header("Accept-Language", language);
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.remove("traceparent");
        if (answer.body().contains("generated_at") && headers.toString().indexOf("00000000000") < 0) {
            headers.remove("etag");
        }
        headers.remove("content-length");
        return answer.statusCode() + " " + headers + " "
                + answer.body().replaceFirst("\"generated_at\":\"[^\"]+\"", "\"generated_at\":\"\"");
    }

    private static HttpResponse<String> control(int port, String method, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static String raw(int port, String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
