package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.legacystub.LegacyStub;
import dev.banyan.legacystub.StubOptions;
import dev.banyan.services.accounts.AccountsService;
import dev.banyan.services.kit.RunningService;
import dev.banyan.services.kit.Service;
import dev.banyan.services.kit.ServiceSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Until there are events the stub hands its writes over, so that both sides show the same. */
final class StandInForEventsTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path data;

    @Test
    void what_was_written_is_at_both_sides_when_its_client_knows() throws Exception {
        try (RunningService accounts = start(AccountsService.DEFINITION, 0);
                RunningService transactions = start(TransactionsService.DEFINITION, 0);
                LegacyStub monolith = monolith(accounts.port(), transactions.port())) {
            awaitHanding(monolith, transactions);
            for (int i = 1; i <= 20; i++) {
                write(monolith, "-" + i + ".25");

                assertThat(list(transactions.port())).isEqualTo(list(monolith.port()));
                assertThat(summary(accounts.port())).isEqualTo(summary(monolith.port()));
            }
            assertThat(summary(accounts.port())).contains("\"transactions\":31");
        }
    }

    @Test
    void writes_at_once_arrive_in_the_order_of_their_numbers() throws Exception {
        try (RunningService accounts = start(AccountsService.DEFINITION, 0);
                RunningService transactions = start(TransactionsService.DEFINITION, 0);
                LegacyStub monolith = monolith(accounts.port(), transactions.port())) {
            ExecutorService clients = Executors.newFixedThreadPool(8);
            for (int i = 0; i < 200; i++) {
                clients.submit(() -> write(monolith, "-1.0"));
            }
            clients.shutdown();
            assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

            await().untilAsserted(() -> assertThat(list(transactions.port())).isEqualTo(list(monolith.port())));
            assertThat(summary(accounts.port())).isEqualTo(summary(monolith.port()));
        }
    }

    @Test
    void a_service_that_was_away_gets_what_it_missed() throws Exception {
        try (RunningService accounts = start(AccountsService.DEFINITION, 0)) {
            RunningService first = start(TransactionsService.DEFINITION, 0);
            try (LegacyStub monolith = monolith(accounts.port(), first.port())) {
                awaitHanding(monolith, first);
                write(monolith, "-1.5");
                first.close();
                write(monolith, "-2.5");

                try (RunningService again = start(TransactionsService.DEFINITION, first.port())) {
                    await().atMost(Duration.ofSeconds(20))
                            .untilAsserted(() -> assertThat(list(again.port())).isEqualTo(list(monolith.port())));
                }
            }
        }
    }

    @Test
    void what_another_run_of_the_monolith_wrote_is_forgotten() throws Exception {
        try (RunningService accounts = start(AccountsService.DEFINITION, 0);
                RunningService transactions = start(TransactionsService.DEFINITION, 0)) {
            String before = list(transactions.port());
            try (LegacyStub monolith = monolith(accounts.port(), transactions.port())) {
                awaitHanding(monolith, transactions);
            }
            try (LegacyStub anew = monolith(accounts.port(), transactions.port())) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(
                                () -> assertThat(list(transactions.port())).isEqualTo(before));
                assertThat(list(anew.port())).isEqualTo(before);
                assertThat(summary(accounts.port())).isEqualTo(summary(anew.port()));
            }
        }
    }

    @Test
    void a_write_can_be_lost_and_data_be_stale() throws Exception {
        try (RunningService accounts = start(AccountsService.DEFINITION, 0);
                RunningService transactions = start(TransactionsService.DEFINITION, 0);
                LegacyStub monolith = monolith(accounts.port(), transactions.port())) {
            awaitHanding(monolith, transactions);
            turn(transactions, "PUT", "lost-write");
            write(monolith, "-7.77");
            turn(transactions, "DELETE", "lost-write");

            assertThat(list(transactions.port())).doesNotContain("-7.77");

            turn(transactions, "PUT", "stale-data");
            String before = list(transactions.port());
            write(monolith, "-8.88");
            assertThat(list(transactions.port())).isEqualTo(before);
            turn(transactions, "DELETE", "stale-data");
            assertThat(list(transactions.port())).contains("-8.88");
        }
    }

    private RunningService start(Service.Definition definition, int port) throws IOException {
        Path directory = data.resolve(definition.name());
        ServiceSettings settings = new ServiceSettings(
                InetAddress.getLoopbackAddress(), port, directory, false, true, true, Duration.ZERO);
        return RunningService.start(definition, settings);
    }

    private static LegacyStub monolith(int accounts, int transactions) {
        return LegacyStub.start(StubOptions.onFreePort()
                .handingWritesTo(
                        URI.create("http://127.0.0.1:" + accounts), URI.create("http://127.0.0.1:" + transactions)));
    }

    /** From then on a write waits for its service. */
    private static void awaitHanding(LegacyStub monolith, RunningService transactions) throws Exception {
        write(monolith, "-0.5");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(list(transactions.port())).isEqualTo(list(monolith.port())));
    }

    private static int write(LegacyStub monolith, String amount) throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + monolith.port() + "/api/transactions"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"account_id\":7,\"amount\":\"" + amount + "\",\"description\":\"handed\"}")));
        assertThat(answer.statusCode()).isEqualTo(201);
        return answer.statusCode();
    }

    private static void turn(RunningService service, String method, String bug) throws Exception {
        assertThat(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/_bugs/" + bug))
                                .method(method, BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
    }

    private static String list(int port) throws Exception {
        return get(port, "/api/transactions").replaceFirst("\"generated_at\":\"[^\"]+\"", "");
    }

    private static String summary(int port) throws Exception {
        return get(port, "/api/accounts/7/summary").replace("127.0.0.1:" + port, "");
    }

    private static String get(int port, String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("X-User-Id", "4"))
                .body();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
