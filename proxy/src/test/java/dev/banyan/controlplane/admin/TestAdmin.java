package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.CountedRequests;
import dev.banyan.contract.LiveEvents;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.controlplane.admin.operations.Owners;
import dev.banyan.controlplane.admin.views.EffectiveSetting;
import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.controlplane.writes.OwnerMoves;
import dev.banyan.controlplane.writes.TestGates;
import dev.banyan.json.Json;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.ForcedSide;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.stores.file.FileAuditStore;
import dev.banyan.stores.file.FileTokenStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An admin server on free ports over the money app's table, and a client that has its first token. */
final class TestAdmin implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    final TestRevisions revisions;
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final LiveEvents events = new LiveEvents();
    final AdminParts parts;
    final TestGates gates = new TestGates();
    final Path data;
    private final FileAuditStore audit;
    final Parity parity = Parity.start(meters);
    final String token;
    volatile Optional<String> unready = Optional.empty();
    volatile Optional<String> stalled = Optional.empty();
    volatile Function<String, RecentRequests.Recent> recent = route -> RecentRequests.Recent.none(Instant.EPOCH);
    volatile Function<String, Optional<LiveUpstreams.Standing>> live = upstream -> Optional.empty();

    private final Vertx vertx = Vertx.vertx();
    private final AdminServer server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private TestAdmin(AdminSettings settings, Path data, Clock clock, Source source) throws Exception {
        this.revisions = new TestRevisions(clock, source);
        this.data = data;
        this.audit = FileAuditStore.open(data);
        this.parts = new AdminParts(
                revisions.port(),
                table -> new Router(table, new SigningKeys(new byte[32]), RANDOM),
                TestAdmin::traffic,
                this::recent,
                new Owners(new OwnerMoves(revisions.port(), gates, clock), gates, TestAdmin::taken),
                this::live,
                () -> unready,
                () -> stalled,
                new ForcedSide(new SigningKeys(new byte[32])),
                meters,
                List.of(
                        new EffectiveSetting("listen", List.of("127.0.0.1:8080"), false, "banyan.yaml:3:9"),
                        new EffectiveSetting(
                                "signing-keys", List.of("env:KEY"), true, "environment BANYAN_SIGNING_KEYS")),
                events,
                clock,
                RANDOM,
                new FileTokenStore(data),
                audit,
                parity);
        try {
            this.server = AdminServer.start(AdminGroundwork.begin(vertx), settings, parts)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            vertx.close();
            audit.close();
            throw e;
        }
        this.token = Files.readString(data.resolve("admin.token")).strip();
    }

    static TestAdmin in(Path data) throws Exception {
        return with(settings(), data);
    }

    /** Whose table is applied. */
    static TestAdmin applying(Path data) throws Exception {
        return new TestAdmin(settings(), data, Clock.systemUTC(), Source.API);
    }

    static TestAdmin with(AdminSettings settings, Path data) throws Exception {
        return new TestAdmin(settings, data, Clock.systemUTC(), Source.FILES);
    }

    static TestAdmin in(Path data, Clock clock) throws Exception {
        return new TestAdmin(settings(), data, clock, Source.FILES);
    }

    static AdminSettings settings() {
        AdminSettings.Address free = new AdminSettings.Address("127.0.0.1", 0);
        return new AdminSettings(free, free, List.of(), false);
    }

    private RecentRequests.Snapshot recent(Set<String> routes) {
        return CountedRequests.of(revisions.port().current().table(), recent, routes);
    }

    private Optional<LiveUpstreams.Standing> live(String upstream) {
        return live.apply(upstream);
    }

    static TrafficCounts.Count traffic(String route, Side side) {
        return route.equals("transactions") && side == Side.MODERN
                ? new TrafficCounts.Count(1_200, 3.456)
                : TrafficCounts.Count.NONE;
    }

    static Optional<TakenByModern.Taken> taken(String route) {
        return route.equals("orders")
                ? Optional.of(new TakenByModern.Taken(340, 2, 12, true, 1, Instant.parse("2026-03-01T12:00:00Z")))
                : Optional.empty();
    }

    int port() {
        return server.adminPort();
    }

    int healthPort() {
        return server.healthPort();
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    HttpResponse<String> put(String path, String body) throws Exception {
        return send("PUT", path, body);
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    HttpResponse<String> delete(String path, String body) throws Exception {
        return send("DELETE", path, body);
    }

    /** With the first token, and as JSON where there is a body. */
    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        return checked(client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
    }

    /** No answer escapes the contract. */
    private HttpResponse<String> checked(HttpResponse<String> response) {
        HttpRequest request = response.request();
        AnswerCheck.check(
                request.uri().getPort() == port() ? AnswerCheck.Listener.ADMIN : AnswerCheck.Listener.HEALTH,
                request.method(),
                request.uri().getRawPath(),
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
        return response;
    }

    /** Lines as they come, until the stream ends. */
    HttpResponse<Stream<String>> stream(String path, String... headers) throws Exception {
        return streamAsync(path, headers).get(30, TimeUnit.SECONDS);
    }

    CompletableFuture<HttpResponse<Stream<String>>> streamAsync(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .setHeader("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    List<Route> routes() {
        return server.router.getRoutes();
    }

    CompletableFuture<HttpResponse<String>> sendAsync(String method, String path, String body, String... headers) {
        return client.sendAsync(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(this::checked);
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                anonymous(port(), method, path, body).setHeader("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    HttpResponse<String> sendWithoutToken(int port, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = anonymous(port, method, path, "");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return checked(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    private static HttpRequest.Builder anonymous(int port, String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    /** Sends bytes as they are; gives all that comes back until the server closes. */
    String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return checked(text, new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    private static final Pattern ANSWER = Pattern.compile(
            "HTTP/1\\.1 (\\d{3}) .*?\r\ncontent-type: ([^\r]*)\r\n.*?\r\n\r\n(.*)",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private static String checked(String request, String answer) {
        Matcher parts = ANSWER.matcher(answer);
        if (parts.matches()) {
            String[] line = request.substring(0, request.indexOf('\r')).split(" ", -1);
            AnswerCheck.check(
                    AnswerCheck.Listener.ADMIN,
                    line[0],
                    line[1],
                    Integer.parseInt(parts.group(1)),
                    parts.group(2),
                    parts.group(3));
        }
        return answer;
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.read(response.body().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    CompletableFuture<Void> closeServer() {
        return server.close().toCompletableFuture();
    }

    /** As if the disk were gone. */
    void breakAuditLog() throws IOException {
        audit.close();
    }

    /** Lines of the audit log that requests made: not what was there at the start. */
    List<String> audit() throws IOException {
        return Files.readAllLines(data.resolve("audit.jsonl")).stream()
                .filter(line -> !line.contains("\"from\":\"this proxy\""))
                .toList();
    }

    @Override
    public void close() {
        server.close().toCompletableFuture().join();
        parity.close();
        try {
            audit.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        revisions.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
