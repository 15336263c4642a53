package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.sidetraffic.WebHealthProbe;
import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe verifies as requests do: what no request can use is not well. */
class HealthOverTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<UpstreamWatcher.Change> changes = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private TestCertificate ca;
    private Path caFile;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        ca = TestCertificate.ca("ca");
        caFile = ca.writeCertificate(directory.resolve("ca.crt"));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static HttpServerOptions http1() {
        return new HttpServerOptions().setUseAlpn(true).setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
    }

    private HttpServer server(TestCertificate shown, HttpServerOptions options) throws Exception {
        Path certificate = shown.writeCertificate(directory.resolve("server.crt"));
        Path key = shown.writeKey(directory.resolve("server.key"));
        return vertx.createHttpServer(options.setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(certificate.toString())
                                .addKeyPath(key.toString())))
                .requestHandler(request -> {
                    asked.add(request.version() + " " + request.connection().indicatedServerName() + " "
                            + request.path());
                    request.response().end();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private TestEdge edge(HttpServer server, String protocol, String serverName) throws Exception {
        return TestEdge.with(
                Tables.of("""
                        default: rails
                        upstreams:
                          rails:
                            url: https://127.0.0.1:%d
                            protocol: %s
                            tls: { ca: "%s", server-name: %s }
                            health: { path: /health, every: 1s, unhealthy-after: 1, healthy-after: 1 }
                        """.formatted(server.actualPort(), protocol, caFile, serverName)),
                new DataPlane.SideTraffic(
                        new WebHealthProbe(vertx, address -> Optional.empty()), changes::add, List.of()));
    }

    private void isUnhealthy(HttpServer server, String protocol, String why) throws Exception {
        try (TestEdge edge = edge(server, protocol, "rails.internal")) {
            Await.untilWithin(PATIENCE, () -> !changes.isEmpty());

            assertThat(changes.get(0).to()).isEqualTo("unhealthy");
            assertThat(changes.get(0).why()).contains(why);
            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .as("it is of no use for requests either")
                    .startsWith("HTTP/1.1 502 ");
            assertThat(asked).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rails.internal", "rails"})
    void one_with_a_ca_of_the_house_is_asked_by_its_name(String name) throws Exception {
        HttpServer server = server(ca.signs(name), http1());
        try (TestEdge edge = edge(server, "http1", name)) {
            Await.untilWithin(PATIENCE, () -> asked.size() >= 2);

            assertThat(asked).allMatch(request -> request.equals("HTTP_1_1 " + name + " /health"));
            assertThat(changes).isEmpty();
            assertThat(edge.plane().upstreams().of("rails").orElseThrow().endpoints())
                    .allMatch(endpoint -> endpoint.state().equals("ready"));
        }
    }

    @Test
    void one_of_http_2_is_asked_by_http_2() throws Exception {
        HttpServer server = server(ca.signs("rails.internal"), new HttpServerOptions().setUseAlpn(true));
        try (TestEdge edge = edge(server, "h2", "rails.internal")) {
            Await.untilWithin(PATIENCE, () -> asked.size() >= 2);

            assertThat(asked).allMatch(request -> request.equals("HTTP_2 rails.internal /health"));
            assertThat(changes).isEmpty();
            assertThat(edge.plane().upstreams().of("rails").orElseThrow().endpoints())
                    .allMatch(endpoint -> endpoint.state().equals("ready"));
        }
    }

    @Test
    void one_that_does_not_agree_on_h2_is_not_well() throws Exception {
        isUnhealthy(server(ca.signs("rails.internal"), http1()), "h2", "");
    }

    @Test
    void one_with_a_certificate_of_a_stranger_is_not_well() throws Exception {
        isUnhealthy(
                server(TestCertificate.ca("stranger").signs("rails.internal"), http1()),
                "http1",
                "shows a certificate of a CA that is not trusted");
    }

    @Test
    void one_with_a_certificate_of_another_name_is_not_well() throws Exception {
        isUnhealthy(server(ca.signs("other.internal"), http1()), "http1", "shows a certificate of another name");
    }

    @Test
    void one_whose_certificate_has_expired_is_not_well() throws Exception {
        TestCertificate old = ca.signsUntil(Instant.now().minus(Duration.ofDays(1)), "rails.internal");

        isUnhealthy(server(old, http1()), "http1", "shows a certificate that has expired");
    }

    @Test
    void one_that_has_only_ciphers_that_no_request_uses_is_not_well() throws Exception {
        HttpServerOptions old = http1();
        old.setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))
                .addEnabledCipherSuite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256");

        isUnhealthy(server(ca.signs("rails.internal"), old), "http1", "failed the TLS handshake");
    }

    @Test
    void where_no_ca_is_believed_nobody_is_asked() throws Exception {
        HttpServer server = server(ca.signs("rails.internal"), http1());
        Files.delete(caFile);

        isUnhealthy(server, "http1", "cannot be verified: " + caFile + ": is not there");
    }

    @Test
    void new_cas_are_for_probes_too() throws Exception {
        HttpServer server = server(ca.signs("rails.internal"), http1());
        try (TestEdge edge = edge(server, "http1", "rails.internal")) {
            Await.untilWithin(PATIENCE, () -> !asked.isEmpty());
            assertThat(changes).isEmpty();

            TestCertificate.ca("next").writeCertificate(caFile);

            Await.untilWithin(PATIENCE, () -> !changes.isEmpty());
            assertThat(changes.get(0).why()).contains("of a CA that is not trusted");
            assertThat(edge.plane().upstreams().of("rails").orElseThrow().problem())
                    .isEmpty();
        }
    }
}
