package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What HTTP/2 wants of TLS (RFC 9113, 9.2), and what passes through it. */
class Http2OverTlsTest {
    private static final String HSTS = "max-age=31536000; includeSubDomains; preload";

    @TempDir
    private Path directory;

    private Vertx vertx;
    private TestCertificate ca;
    private RawUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        ca = TestCertificate.ca("ca");
        upstream = RawUpstream.answering(
                "HTTP/1.1 200 OK\r\nStrict-Transport-Security: " + HSTS + "\r\nContent-Length: 2\r\n\r\nok");
    }

    @AfterEach
    void close() throws Exception {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private CertificateFiles files(String name) throws Exception {
        TestCertificate certificate = ca.signs(name);
        return new CertificateFiles(
                certificate.writeCertificate(directory.resolve(name + ".crt")),
                certificate.writeKey(directory.resolve(name + ".key")),
                List.of());
    }

    private TestEdge edge(TlsProvider provider) throws Exception {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        return TestEdge.with(
                Tables.onlyDefault(upstream.port()),
                new ListenerSettings(
                        Optional.empty(),
                        Optional.of(new TlsSettings(
                                TestEdge.anyPort(),
                                List.of(files("bank.test"), files("partner.test")),
                                Duration.ofSeconds(5),
                                provider)),
                        Networks.NONE,
                        false),
                ClientTimeouts.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void ciphers_that_http_2_forbids_cannot_be_agreed_on(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider);
                SSLSocket socket =
                        (SSLSocket) ca.trusted().getSocketFactory().createSocket("127.0.0.1", edge.tlsPort())) {
            socket.setSoTimeout(20_000);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(
                    new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
                    });

            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("handshake_failure");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void what_an_upstream_says_of_https_passes_and_nothing_is_added(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            assertThat(asked(edge, "bank.test")).containsExactly(HSTS);
        }
        upstream.close();
        upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        try (TestEdge edge = edge(provider)) {
            assertThat(asked(edge, "bank.test")).isEmpty();
        }
    }

    /** The name of the connection gives nobody any right: the table alone says where a request goes, by the request's own name. */
    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_request_for_another_name_than_its_connections_is_served_as_its_own_name_says(TlsProvider provider)
            throws Exception {
        try (TestEdge edge = edge(provider)) {
            asked(edge, "partner.test");

            assertThat(upstream.heads()).singleElement().asString().contains("\r\nHost: partner.test:443\r\n");
        }
    }

    /** By HTTP/2, over a connection to bank.test. Gives the values of Strict-Transport-Security. */
    private List<String> asked(TestEdge edge, String authority) throws Exception {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(
                                ca.writeCertificate(directory.resolve("ca.crt")).toString()));
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(edge.tlsPort(), "127.0.0.1"))
                .setHost("bank.test")
                .setPort(edge.tlsPort())
                .setURI("/");
        // Held until the end: a client that nobody refers to is closed by the collector.
        HttpClient client = vertx.createHttpClient(options);
        List<String> values = client.request(request)
                .compose(sent ->
                        sent.authority(HostAndPort.create(authority, 443)).send())
                .compose(response -> response.body().map(body -> {
                    assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                    assertThat(response.statusCode()).isEqualTo(200);
                    return response.headers().getAll("strict-transport-security");
                }))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        client.close();
        return values;
    }
}
