package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every protocol of clients meets every protocol of upstreams, with clients and servers that others wrote. */
class Http2BothSidesTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    private Vertx vertx;
    private TestCertificate ca;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        ca = TestCertificate.ca("ca");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1,HTTP1", "HTTP_1_1,H2C", "HTTP_2,HTTP1", "HTTP_2,H2C"})
    void a_mebibyte_goes_up_and_comes_down_with_trailers(HttpVersion client, Upstream.Protocol upstream)
            throws Exception {
        Buffer content = Buffer.buffer(new byte[MIB]);
        HttpServer server = echo(new HttpServerOptions());
        RoutingTable table =
                Tables.onlyDefault(server.actualPort(), upstream, Upstream.Tls.SYSTEM, Upstream.Timeouts.DEFAULT);
        try (TestEdge edge = TestEdge.with(table)) {
            HttpClient http = vertx.createHttpClient(
                    new HttpClientOptions().setProtocolVersion(client).setHttp2ClearTextUpgrade(false));

            Buffer echoed = http.request(HttpMethod.POST, edge.port(), "127.0.0.1", "/")
                    .compose(request -> request.send(content))
                    .compose(response -> response.body().map(body -> {
                        assertThat(response.version()).isEqualTo(client);
                        assertThat(response.getHeader("x-spoken"))
                                .isEqualTo(upstream == Upstream.Protocol.HTTP1 ? "HTTP_1_1" : "HTTP_2");
                        assertThat(response.getTrailer("x-bytes")).isEqualTo(Integer.toString(MIB));
                        return body;
                    }))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            assertThat(echoed).isEqualTo(content);
        }
    }

    @Test
    void h2_is_spoken_over_tls_to_an_upstream_whose_certificate_is_trusted() throws Exception {
        HttpServer server = echo(encrypted().setUseAlpn(true));
        try (TestEdge edge = TestEdge.with(overTls(server))) {

            String answer = RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\r\nx-spoken: HTTP_2\r\n");
        }
    }

    @ParameterizedTest(name = "with ALPN: {0}")
    @ValueSource(booleans = {true, false})
    void an_upstream_that_does_not_agree_on_h2_by_alpn_is_a_clear_error(boolean alpn) throws Exception {
        HttpServer server = echo(encrypted().setUseAlpn(alpn).setAlpnVersions(List.of(HttpVersion.HTTP_1_1)));
        try (TestEdge edge = TestEdge.with(overTls(server))) {

            String answer = RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails does not speak HTTP/2: it did not agree on h2 by ALPN");
        }
    }

    @Test
    void an_upstream_whose_certificate_is_not_trusted_is_a_clear_error() throws Exception {
        HttpServer server = echo(encrypted().setUseAlpn(true));
        RoutingTable table = Tables.onlyDefault(
                server.actualPort(), Upstream.Protocol.H2, Upstream.Tls.SYSTEM, Upstream.Timeouts.DEFAULT);
        try (TestEdge edge = TestEdge.with(table)) {

            String answer = RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails shows a certificate of a CA that is not trusted");
        }
    }

    private RoutingTable overTls(HttpServer server) throws Exception {
        Upstream.Tls trusting =
                new Upstream.Tls(Optional.of(ca.writeCertificate(directory.resolve("ca.crt"))), Optional.empty());
        return Tables.onlyDefault(server.actualPort(), Upstream.Protocol.H2, trusting, Upstream.Timeouts.DEFAULT);
    }

    /** Says how it was asked, gives back what it got, and its length behind it. */
    private HttpServer echo(HttpServerOptions options) throws Exception {
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.body().onSuccess(body -> {
                    request.response()
                            .setChunked(true)
                            .putHeader("x-spoken", request.version().name());
                    request.response().putTrailer("x-bytes", Integer.toString(body.length()));
                    request.response().end(body);
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private HttpServerOptions encrypted() throws Exception {
        TestCertificate certificate = ca.signs("localhost");
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(certificate
                                .writeCertificate(directory.resolve("server.crt"))
                                .toString())
                        .addKeyPath(certificate
                                .writeKey(directory.resolve("server.key"))
                                .toString()));
    }
}
