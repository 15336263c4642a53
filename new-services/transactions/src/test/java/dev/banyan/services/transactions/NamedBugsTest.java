package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SeenAnswer.HeaderField;
import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.legacystub.LegacyStub;
import dev.banyan.legacystub.StubOptions;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.services.accounts.AccountsService;
import dev.banyan.services.kit.RunningService;
import dev.banyan.services.kit.Service;
import dev.banyan.services.kit.ServiceSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bug that shows in answers to reads is named by its field, by the rules of the example's own files; without one nothing differs. */
final class NamedBugsTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROUTES = Path.of("../../routes");

    /** A target, a user and a language, as the demo's traffic has them. */
    private static final List<String> READS = List.of(
            "/api/accounts 7 en",
            "/api/accounts?kind=savings 7 en",
            "/api/accounts/13 7 en",
            "/api/accounts/13/summary 7 en",
            "/api/accounts/15 7 en",
            "/api/transactions 7 en",
            "/api/transactions 80 de",
            "/api/transactions 160 fr",
            "/api/transactions/9999 7 en");

    private static LegacyStub monolith;
    private static RunningService accounts;
    private static RunningService transactions;
    private static RoutingTable table;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        accounts = start(AccountsService.DEFINITION, data);
        transactions = start(TransactionsService.DEFINITION, data);
        monolith = LegacyStub.start(
                StubOptions.onFreePort().handingWritesTo(origin(accounts.port()), origin(transactions.port())));
        table = table();
    }

    private static RunningService start(Service.Definition definition, Path data) throws IOException {
        return RunningService.start(
                definition,
                ServiceSettings.onFreePort(data.resolve(definition.name())).forDemo());
    }

    private static URI origin(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static RoutingTable table() throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(ROUTES)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                files.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        if (RoutesFiles.read(files) instanceof Reading.Read read) {
            return RoutingTable.of(1, read.table(), Flags.NONE);
        }
        throw new IllegalStateException("the example's own routes cannot be read");
    }

    @AfterAll
    static void stop() throws IOException {
        monolith.close();
        transactions.close();
        accounts.close();
    }

    @Test
    void each_bug_is_named_by_its_field() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> compared().isEmpty());
        for (RunningService service : List.of(accounts, transactions)) {
            for (JsonNode bug : JSON.readTree(send(service, "GET", "/_bugs").body())) {
                String name = bug.get("name").asText();
                send(service, "PUT", "/_bugs/" + name);
                Set<String> named = compared();
                send(service, "DELETE", "/_bugs/" + name);

                if (bug.get("shows-in").asText().equals("reads")) {
                    assertThat(named).as(name).contains(bug.get("field").asText());
                } else {
                    assertThat(named).as(name).isEmpty();
                }
                // What was lost is not handed over again.
                if (!name.equals("lost-write")) {
                    assertThat(compared()).as("after " + name).isEmpty();
                }
            }
        }
    }

    /** The fields that differ over three rounds of reads, with writes in between. */
    private static Set<String> compared() throws Exception {
        try (Parity parity = Parity.start(new SimpleMeterRegistry())) {
            parity.inForce(table);
            int accountsAsked = 0;
            int transactionsAsked = 0;
            for (int round = 0; round < 3; round++) {
                for (String read : READS) {
                    String[] parts = read.split(" ", -1);
                    boolean ofAccounts = parts[0].startsWith("/api/accounts");
                    parity.read(pair(ofAccounts ? "accounts" : "transactions", parts[0], parts[1], parts[2]));
                    accountsAsked += ofAccounts ? 1 : 0;
                    transactionsAsked += ofAccounts ? 0 : 1;
                }
                for (int account : new int[] {13, 14, 159, 319}) {
                    write(account);
                }
            }
            Set<String> fields = new TreeSet<>();
            fields.addAll(fields(parity, "accounts", accountsAsked));
            fields.addAll(fields(parity, "transactions", transactionsAsked));
            return fields;
        }
    }

    private static List<String> fields(Parity parity, String route, int asked) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> of(parity, route).compared() == asked);
        List<String> fields = new ArrayList<>();
        of(parity, route).causes().forEach(cause -> cause.fields().forEach(field -> fields.add(field.field())));
        return fields;
    }

    private static RouteParity of(Parity parity, String route) {
        return parity.of(route, OptionalLong.empty(), Instant.now(), Optional.empty())
                .orElseThrow();
    }

    private static ShadowPair pair(String route, String target, String user, String language) throws Exception {
        int modern = route.equals("accounts") ? accounts.port() : transactions.port();
        return new ShadowPair(
                route,
                "GET " + target,
                1,
                Instant.now().getEpochSecond(),
                user.hashCode(),
                Objects.hash(target),
                "r",
                Side.LEGACY,
                seen(monolith.port(), target, user, language),
                seen(modern, target, user, language),
                SecondLook.NONE);
    }

    private static SeenAnswer seen(int port, String target, String user, String language) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(origin(port).resolve(target))
                .header("Accept", "application/json")
                .header("X-User-Id", user)
                .header("Accept-Language", language)
                // As through a proxy, which keeps the client's.
                .header("X-Forwarded-Host", "money.test")
                .build();
        HttpResponse<byte[]> answer = CLIENT.send(request, BodyHandlers.ofByteArray());
        List<HeaderField> fields = answer.headers().map().entrySet().stream()
                .flatMap(field -> field.getValue().stream().map(value -> new HeaderField(field.getKey(), value)))
                .toList();
        return new SeenAnswer(answer.statusCode(), fields, answer.body(), "", 1);
    }

    private static void write(int account) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(origin(monolith.port()).resolve("/api/transactions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"account_id\":" + account + ",\"amount\":\"-4.25\",\"description\":\"Caf\u00e9 & cake\"}"))
                .build();
        assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    private static HttpResponse<String> send(RunningService service, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(origin(service.port()).resolve(path))
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }
}
