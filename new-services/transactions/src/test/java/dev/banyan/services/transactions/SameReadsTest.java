package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.legacystub.LegacyStub;
import dev.banyan.legacystub.StubOptions;
import dev.banyan.services.accounts.AccountsService;
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
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The services answer what the monolith answers. Without that no shadow could ever be equal. */
final class SameReadsTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static LegacyStub monolith;
    private static RunningService accounts;
    private static RunningService transactions;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        monolith = LegacyStub.start(StubOptions.onFreePort());
        accounts =
                RunningService.start(AccountsService.DEFINITION, ServiceSettings.onFreePort(data.resolve("accounts")));
        transactions = RunningService.start(
                TransactionsService.DEFINITION, ServiceSettings.onFreePort(data.resolve("transactions")));
    }

    @AfterAll
    static void stop() throws IOException {
        transactions.close();
        accounts.close();
        monolith.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/accounts, ''",
        "/api/accounts, 1",
        "/api/accounts, 7",
        "/api/accounts, 200",
        "/api/accounts, 999",
        "/api/accounts, 7abc",
        "/api/accounts, abc",
        "/api/accounts/1, ''",
        "/api/accounts/400, ''",
        "/api/accounts/401, ''",
        "/api/accounts/13, 7",
        "/api/accounts/13, 8",
        "/api/accounts/x, ''",
        "/api/accounts?kind=savings, 7",
        "/api/accounts?kind=, 7",
        "/api/accounts?kind=none, ''",
        "/api/accounts/13/summary, 7",
        "/api/accounts/13/summary, 8",
        "/api/accounts/13/summary, ''",
        "/api/accounts/401/summary, 7",
        "/api/accounts/x/summary, 7",
        "/api/transactions, ''",
        "/api/transactions, 1",
        "/api/transactions, 7",
        "/api/transactions, 999",
        "/api/transactions/1, ''",
        "/api/transactions/2500, ''",
        "/api/transactions/4000, ''",
        "/api/transactions/4001, ''",
        "/api/transactions/1, 160",
        "/api/transactions/1, 161",
        "/api/transactions/x, ''"
    })
    void a_read_gets_the_same_from_both_sides(String path, String user) throws Exception {
        HttpResponse<String> legacy = read("GET", monolith.port(), path, user);
        HttpResponse<String> modern = read("GET", portOf(path), path, user);

        assertThat(modern.statusCode()).isEqualTo(legacy.statusCode());
        assertThat(comparable(modern)).isEqualTo(comparable(legacy));
        assertThat(modern.headers().firstValue("Cache-Control"))
                .as("Cache-Control")
                .isEqualTo(
                        path.contains("x")
                                ? Optional.of("no-cache")
                                : legacy.headers().firstValue("Cache-Control"));
        if (!legacy.body().contains("generated_at") && !legacy.body().contains("_url")) {
            assertThat(modern.headers().firstValue("ETag"))
                    .isEqualTo(legacy.headers().firstValue("ETag"));
        }
        HttpResponse<String> head = read("HEAD", portOf(path), path, user);
        assertThat(head.statusCode()).isEqualTo(legacy.statusCode());
        assertThat(head.body()).isEmpty();
    }

    /** The bytes, key order and escapes included, but for the time of the answer, and the host that was asked. */
    private static String comparable(HttpResponse<String> answer) {
        return answer.body()
                .replaceFirst("\"generated_at\":\"[^\"]+\"", "\"generated_at\":\"\"")
                .replace("127.0.0.1:" + answer.uri().getPort(), "host");
    }

    private static int portOf(String path) {
        return path.startsWith("/api/accounts") ? accounts.port() : transactions.port();
    }

    private static HttpResponse<String> read(String method, int port, String path, String user) throws Exception {
        HttpRequest.Builder request = request(port, path).method(method, BodyPublishers.noBody());
        if (!user.isEmpty()) {
            request.header("X-User-Id", user);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", "application/json");
    }
}
