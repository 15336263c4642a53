package dev.banyan.traffic.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.sidetraffic.WebHealthProbe;
import dev.banyan.testing.Await;
import dev.banyan.testing.NameServer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream whose name is fully qualified by a dot: the resolver is told the dot, the server and its certificate are not. */
class FinalDotTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    private Path directory;

    private Vertx vertx;
    private NameServer names;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        names = new NameServer().answering("rails.test", "127.0.0.1");
    }

    @AfterEach
    void stop() throws Exception {
        names.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private TestEdge edge(String upstream, List<UpstreamWatcher.Change> changes) throws Exception {
        return TestEdge.with(
                Tables.of("default: rails\nupstreams:\n  rails: { " + upstream + " }\n"),
                new DataPlane.SideTraffic(
                        new WebHealthProbe(vertx, address -> Optional.empty()),
                        changes::add,
                        List.of(names.address()),
                        directory.resolve("no-hosts"),
                        Optional.empty(),
                        () -> {}));
    }

    @Test
    void the_host_that_stands_in_for_a_missing_one_has_no_dot() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = edge("url: \"http://rails.test.:" + rails.port() + "\"", List.of())) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(rails.heads()).singleElement().asString().contains("Host: rails.test:" + rails.port() + "\r\n");
        }
    }

    @Test
    void a_failure_names_the_upstream_as_others_know_it() throws Exception {
        int port = RawUpstream.portNobodyListensOn();
        try (TestEdge edge = edge("url: \"http://rails.test.:" + port + "\"", List.of())) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .contains("refused the connection at rails.test:" + port + " (127.0.0.1)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url: \"https://rails.test.:%d\", tls: { ca: \"%s\" }",
                "dns: \"https://rails.test.:%d\", tls: { ca: \"%s\" }",
                "endpoints: [ \"https://127.0.0.1:%d\" ], tls: { ca: \"%s\", server-name: rails.test. }"
            })
    void tls_asks_for_and_verifies_the_name_without_the_dot_for_requests_and_probes(String address) throws Exception {
        TestCertificate ca = TestCertificate.ca("ca");
        TestCertificate shown = ca.signs("rails.test");
        List<String> asked = new CopyOnWriteArrayList<>();
        List<UpstreamWatcher.Change> changes = new CopyOnWriteArrayList<>();
        HttpServer rails = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(shown.writeCertificate(directory.resolve("server.crt"))
                                        .toString())
                                .addKeyPath(shown.writeKey(directory.resolve("server.key"))
                                        .toString())))
                .requestHandler(request -> {
                    asked.add(request.connection().indicatedServerName() + " " + request.path());
                    request.response().end();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        Path caFile = ca.writeCertificate(directory.resolve("ca.crt"));
        try (TestEdge edge = edge(
                address.formatted(rails.actualPort(), caFile)
                        + ", health: { path: /up, every: 1s, unhealthy-after: 1 }",
                changes)) {

            assertThat(RawClient.exchange(edge.port(), "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            Await.until(() -> asked.contains("rails.test /up"));
            assertThat(asked).contains("rails.test /a").allMatch(request -> request.startsWith("rails.test "));
            assertThat(changes).isEmpty();
        }
    }
}
