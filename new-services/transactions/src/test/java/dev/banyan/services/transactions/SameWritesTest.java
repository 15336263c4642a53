package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.legacystub.LegacyStub;
import dev.banyan.legacystub.StubOptions;
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
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A write is taken, or refused, by the service as by the monolith. */
final class SameWritesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static LegacyStub monolith;
    private static RunningService transactions;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        monolith = LegacyStub.start(StubOptions.onFreePort());
        transactions = RunningService.start(TransactionsService.DEFINITION, ServiceSettings.onFreePort(data));
    }

    @AfterAll
    static void stop() throws IOException {
        transactions.close();
        monolith.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"account_id\":7}",
                "{\"account_id\":\"7\",\"amount\":\"ten\",\"description\":\"x\"}",
                "{\"account_id\":7,\"amount\":0,\"description\":\"x\"}",
                "{\"account_id\":7,\"amount\":\"1.234\",\"description\":\"\"}",
                "{\"account_id\":7,\"amount\":\"100000000\",\"description\":\"x\"}",
                "{\"account_id\":401,\"amount\":null,\"description\":[\"x\"]}",
                "[]",
                "{\"account_id\":"
            })
    void a_wrong_transaction_is_refused_in_the_same_words(String body) throws Exception {
        HttpResponse<String> legacy = post(monolith.port(), body, "application/json");
        HttpResponse<String> modern = post(transactions.port(), body, "application/json");

        assertThat(modern.statusCode()).isEqualTo(legacy.statusCode()).isBetween(400, 422);
        assertThat(modern.body()).isEqualTo(legacy.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | {\"account_id\":7,\"amount\":\"-12.50\",\"description\":\"Tea & cake\"}",
                "application/json; charset=utf-8 | {\"account_id\":\"8\",\"amount\":100,\"description\":\"R\u00e9\"}",
                "application/x-www-form-urlencoded | account_id=7&amount=-3&description=a+b%26c"
            })
    void a_right_one_is_added_alike_but_for_its_numbers_and_its_time(String type, String body) throws Exception {
        HttpResponse<String> legacy = post(monolith.port(), body, type);
        HttpResponse<String> modern = post(transactions.port(), body, type);

        assertThat(modern.statusCode()).isEqualTo(legacy.statusCode()).isEqualTo(201);
        ObjectNode ours = (ObjectNode) JSON.readTree(modern.body());
        ObjectNode theirs = (ObjectNode) JSON.readTree(legacy.body());
        assertThat(modern.headers().firstValue("Location"))
                .hasValue("http://127.0.0.1:" + transactions.port() + "/api/transactions/" + ours.path("id"));
        assertThat(names(ours)).isEqualTo(names(theirs));
        for (ObjectNode row : new ObjectNode[] {ours, theirs}) {
            row.remove("id");
            row.remove("reference");
            row.remove("created_at");
            row.remove("updated_at");
        }
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void the_two_sides_never_give_one_id_to_two_rows() throws Exception {
        String body = "{\"account_id\":7,\"amount\":\"1.0\",\"description\":\"x\"}";

        long legacy = JSON.readTree(
                        post(monolith.port(), body, "application/json").body())
                .path("id")
                .asLong();
        long modern = JSON.readTree(
                        post(transactions.port(), body, "application/json").body())
                .path("id")
                .asLong();

        assertThat(legacy).isBetween(4001L, TransactionBook.FIRST_ID_OF_OUR_OWN - 1);
        assertThat(modern).isGreaterThanOrEqualTo(TransactionBook.FIRST_ID_OF_OUR_OWN);
    }

    private static String names(ObjectNode row) {
        return String.join(",", row.propertyStream().map(Map.Entry::getKey).toList());
    }

    private static HttpResponse<String> post(int port, String body, String type) throws Exception {
        HttpRequest.Builder request =
                request(port, "/api/transactions").header("Content-Type", type).POST(BodyPublishers.ofString(body));
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", "application/json");
    }
}
