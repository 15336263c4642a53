package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.parity.ParityVerdict;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.legacystub.LegacyStub;
import dev.banyan.legacystub.StubOptions;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.services.accounts.AccountsService;
import dev.banyan.services.kit.RunningService;
import dev.banyan.services.kit.Service;
import dev.banyan.services.kit.ServiceSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bugs that no client's request shows, each named while all users are still served by the monolith: behind Banyan, by the rules of the
 * example's own files but for how often.
 */
final class UnseenBugsTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Path ROUTES = Path.of("../../routes");
    private static final String OWNERS = "7";
    private static final String TEST_USER = "199";

    private static LegacyStub monolith;
    private static RunningService accounts;
    private static RunningService transactions;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        accounts = start(AccountsService.DEFINITION, data);
        transactions = start(TransactionsService.DEFINITION, data);
        monolith = LegacyStub.start(
                StubOptions.onFreePort().handingWritesTo(origin(accounts.port()), origin(transactions.port())));
    }

    private static RunningService start(Service.Definition definition, Path data) throws IOException {
        return RunningService.start(
                definition,
                ServiceSettings.onFreePort(data.resolve(definition.name())).forDemo());
    }

    @AfterAll
    static void stop() throws IOException {
        monolith.close();
        transactions.close();
        accounts.close();
    }

    @Test
    void a_skipped_check_of_who_asks_is_named() throws Exception {
        RouteParity named = named(
                accounts,
                "skipped-user-check",
                "accounts",
                "anonymous: 100%, probe: off",
                UnseenBugsTest::readsASummary);

        assertThat(named.verdict()).isEqualTo(ParityVerdict.DIFFERENT);
        assertThat(kinds(named)).containsExactly("GET /api/accounts/{id}/summary CHECK_SKIPPED");
    }

    @Test
    void a_skipped_check_of_the_owner_is_named() throws Exception {
        RouteParity named = named(
                accounts,
                "skipped-owner-check",
                "accounts",
                "anonymous: off, probe: 100%",
                UnseenBugsTest::readsASummary);

        assertThat(named.verdict()).isEqualTo(ParityVerdict.DIFFERENT);
        assertThat(kinds(named)).containsExactly("GET /api/accounts/{id}/summary OWNERS_CHECK_SKIPPED");
    }

    @Test
    void a_lost_write_is_named() throws Exception {
        RouteParity named =
                named(transactions, "lost-write", "transactions", "anonymous: off, probe: off", UnseenBugsTest::writes);

        assertThat(named.verdict()).isEqualTo(ParityVerdict.DIFFERENT);
        assertThat(kinds(named)).contains("GET /api/transactions/{id} LOST");
    }

    @Test
    void without_a_bug_nothing_is_named() throws Exception {
        try (Edge edge = new Edge("anonymous: 100%, probe: off")) {
            for (int i = 0; i < 5; i++) {
                readsASummary(edge.port());
                writes(edge.port());
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> edge.now("transactions").compared() == 5);

            assertThat(edge.now("transactions").causes()).isEmpty();
            assertThat(edge.now("accounts").causes()).isEmpty();
        }
    }

    private interface Traffic {
        void send(int port) throws Exception;
    }

    private static void readsASummary(int port) throws Exception {
        assertThat(send(port, "GET", "/api/accounts/13/summary", "").statusCode())
                .isEqualTo(200);
    }

    private static void writes(int port) throws Exception {
        assertThat(send(
                                port,
                                "POST",
                                "/api/transactions",
                                "{\"account_id\":13,\"amount\":\"-4.25\",\"description\":\"x\"}")
                        .statusCode())
                .isEqualTo(201);
    }

    /** What is named with the bug, as soon as anything is. */
    private static RouteParity named(
            RunningService service, String bug, String route, String strangers, Traffic traffic) throws Exception {
        send(service.port(), "PUT", "/_bugs/" + bug, "");
        try (Edge edge = new Edge(strangers)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                traffic.send(edge.port());
                return !edge.now(route).causes().isEmpty();
            });
            return edge.now(route);
        } finally {
            send(service.port(), "DELETE", "/_bugs/" + bug, "");
        }
    }

    private static Stream<String> kinds(RouteParity parity) {
        return parity.causes().stream()
                .flatMap(cause -> cause.fields().stream().map(field -> cause.match() + " " + field.kind()))
                .distinct();
    }

    /** Banyan before the monolith, all of whose users are still there. */
    private static final class Edge implements AutoCloseable {
        private final Parity parity = Parity.start(new SimpleMeterRegistry());
        private final DataPlane plane;

        Edge(String strangers) throws IOException {
            RoutingTable table = table(strangers);
            parity.inForce(table);
            plane = new DataPlane(
                    new DataPlane.Settings(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            1,
                            false,
                            ClientTimeouts.DEFAULT,
                            Optional.empty()),
                    new SigningKeys(new byte[32]),
                    new SecureRandom(),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry(),
                    DataPlane.SideTraffic.NONE.comparedBy(
                            parity, CopyRules.USUAL.withTestUser(List.of(FieldLine.of("X-User-Id", TEST_USER)))));
            plane.putInForce(table);
        }

        int port() {
            return plane.address().orElseThrow().getPort();
        }

        RouteParity now(String route) {
            return parity.of(route, OptionalLong.empty(), Instant.now(), Optional.empty())
                    .orElseThrow();
        }

        @Override
        public void close() throws IOException {
            plane.close();
            parity.close();
        }
    }

    private static RoutingTable table(String strangers) throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(ROUTES)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                files.put(
                        String.valueOf(file.getFileName()),
                        Files.readString(file)
                                .replace(
                                        "http://127.0.0.1:3000",
                                        origin(monolith.port()).toString())
                                .replace(
                                        "http://127.0.0.1:8081",
                                        origin(accounts.port()).toString())
                                .replace(
                                        "http://127.0.0.1:8082",
                                        origin(transactions.port()).toString())
                                .replace("canary: 25%", "canary: 0%")
                                .replace("share: 10%", "share: 0.01%")
                                .replace("anonymous: 5%, probe: 5%", strangers)
                                .replace("settle: 1s", "settle: 20ms"));
            }
        }
        if (RoutesFiles.read(files) instanceof Reading.Read read) {
            return RoutingTable.of(1, read.table(), Flags.NONE);
        }
        throw new IllegalStateException("the example's own routes cannot be read");
    }

    private static URI origin(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static HttpResponse<String> send(int port, String method, String target, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(origin(port).resolve(target))
                .header("Accept", "application/json")
                .header("X-User-Id", OWNERS)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
