package dev.banyan.app;

import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.settings.TableSource;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A whole proxy on free ports, before two upstreams that say who they are, with its files in a directory of the test. */
final class TestProxy implements AutoCloseable {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";

    private final RawUpstream rails;
    private final RawUpstream transactions;
    private final HttpClient http = HttpClient.newHttpClient();
    private final TableSource source;
    private final Path directory;
    private final Optional<Path> accessLog;
    private BanyanProxy proxy; // another after a restart

    TestProxy(Path directory) throws IOException {
        this(directory, TableSource.FILES);
    }

    TestProxy(Path directory, TableSource source) throws IOException {
        this(
                directory,
                source,
                RawUpstream.answering(ANSWER.formatted(5, "rails")),
                RawUpstream.answering(ANSWER.formatted(12, "transactions")));
    }

    /** Before upstreams of the test's own, which are closed with it. */
    TestProxy(Path directory, RawUpstream rails, RawUpstream transactions) throws IOException {
        this(directory, TableSource.FILES, rails, transactions);
    }

    /** With an access log, and before one upstream of the test's own on both sides, which is closed with it. */
    static TestProxy logging(Path directory, Path accessLog, RawUpstream upstream) throws IOException {
        return new TestProxy(directory, TableSource.FILES, upstream, upstream, Optional.of(accessLog));
    }

    private TestProxy(Path directory, TableSource source, RawUpstream rails, RawUpstream transactions)
            throws IOException {
        this(directory, source, rails, transactions, Optional.empty());
    }

    private TestProxy(
            Path directory, TableSource source, RawUpstream rails, RawUpstream transactions, Optional<Path> accessLog)
            throws IOException {
        this.accessLog = accessLog;
        this.source = source;
        this.directory = directory;
        this.rails = rails;
        this.transactions = transactions;
        Files.createDirectories(routes());
        write("00-platform.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                """.formatted(rails.port()));
        write("transactions.yaml", transactionsYaml("25%"));
        proxy = start();
    }

    String transactionsYaml(String canary) {
        return """
                banyan: 1
                upstreams:
                  transactions: { url: "http://127.0.0.1:%d" }
                routes:
                  transactions:
                    match: [ GET /api/transactions, POST /api/transactions ]
                    legacy: rails
                    modern: transactions
                    canary: %s
                    stick-by: [ header:X-User-Id, cookie ]
                    writes: legacy
                """.formatted(transactions.port(), canary);
    }

    private BanyanProxy start() throws IOException {
        return start(0, 0, false);
    }

    /** Another proxy with the same files; closed at once should it start. */
    void restartBeside() throws IOException {
        start(0, 0, false).close();
    }

    /** Another proxy with the same files, as {@code --take-over} starts it. */
    BanyanProxy startTakingOver(int port) throws IOException {
        return start(port, 0, true);
    }

    /** With the admin port that the other one still has. */
    BanyanProxy startTakingOverTheAdminPort() throws IOException {
        return start(0, proxy.adminPort(), true);
    }

    /** Goes on with that proxy. */
    void goOnWith(BanyanProxy next) {
        proxy = next;
    }

    BanyanProxy proxy() {
        return proxy;
    }

    private BanyanProxy start(int port, int adminPort, boolean takeOver) throws IOException {
        AdminSettings.Address anyPort = new AdminSettings.Address("127.0.0.1", 0);
        return BanyanProxy.start(
                new ProxySettings(
                        directory.resolve("data"),
                        routes(),
                        source,
                        new DataPlane.Settings(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                                2,
                                true,
                                ClientTimeouts.DEFAULT,
                                accessLogChannel()),
                        new AdminSettings(new AdminSettings.Address("127.0.0.1", adminPort), anyPort, List.of(), false),
                        takeOver,
                        Optional.empty(),
                        CopyRules.USUAL,
                        () -> {},
                        List.of()),
                Clock.systemUTC());
    }

    private Optional<WritableByteChannel> accessLogChannel() throws IOException {
        return accessLog.isEmpty()
                ? Optional.empty()
                : Optional.of(FileChannel.open(accessLog.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    void restart() throws IOException {
        proxy.close();
        proxy = start();
    }

    Path routes() {
        return directory.resolve("routes");
    }

    void write(String file, String text) throws IOException {
        Files.writeString(routes().resolve(file), text);
    }

    int port() {
        return proxy.address().orElseThrow().getPort();
    }

    /** The status of {@code /readyz}. */
    int readiness() throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.healthPort() + "/readyz"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    void drain(Duration delay, Duration limit) {
        proxy.drain(delay, limit);
    }

    /** One request of that user's to the route that moves. */
    HttpResponse<String> transactionsOf(String user) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/transactions"))
                        .header("X-User-Id", user)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String header, String value) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .header(header, value)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What reached modern. */
    List<String> transactionsHeads() {
        return transactions.heads();
    }

    String sideOf(String user) throws Exception {
        return transactionsOf(user).headers().firstValue("X-Banyan-Side").orElseThrow();
    }

    /** With the first admin token. */
    HttpResponse<String> admin(String method, String path, String json, String... headers) throws Exception {
        String token = Files.readString(directory.resolve("data").resolve("admin.token"))
                .strip();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
                .header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (json.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> setCanary(int percent) throws Exception {
        return admin(
                "PUT", "/v1/routes/transactions/canary", "{\"percent\":" + percent + ",\"reason\":\"a test says so\"}");
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        rails.close();
        transactions.close();
    }
}
