package dev.banyan.traffic.websockets;

import static dev.banyan.testing.Handshake.ASKED;
import static dev.banyan.testing.Handshake.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.FaultProxy;
import dev.banyan.testing.FaultProxy.Fault;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.RawUpstream.Script;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.WebSocketEcho;
import io.micrometer.core.instrument.Gauge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tunnels of which one end or both are encrypted: {@code wss}, and {@code https} upstreams. */
@Timeout(120)
class WebSocketOverTlsTest {
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xe9};
    private static final int MIB = 1024 * 1024;
    private static final Script ECHO = connection -> {
        connection.readHead();
        connection.write(GRANTED);
        connection.input().transferTo(connection.output());
    };

    @TempDir
    private Path directory;

    private TestCertificate ca;
    private TestCertificate certificate;

    @BeforeEach
    void issue() throws Exception {
        ca = TestCertificate.ca("ca");
        certificate = ca.signs("localhost");
    }

    private TestEdge edge(TlsProvider provider, RawUpstream upstream, boolean upstreamEncrypted) throws Exception {
        return edge(
                provider,
                upstreamEncrypted
                        ? "url: \"https://localhost:%d\", tls: { ca: %s }"
                                .formatted(upstream.port(), ca.writeCertificate(directory.resolve("ca.crt")))
                        : "url: \"http://127.0.0.1:%d\"".formatted(upstream.port()));
    }

    private TestEdge edge(TlsProvider provider, String upstream) throws Exception {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        return TestEdge.encrypted(
                Tables.of("default: rails\nupstreams:\n  rails: { " + upstream + " }\n"),
                provider,
                certificate,
                directory);
    }

    private RawUpstream upstream(boolean encrypted, Script script) throws Exception {
        return encrypted ? RawUpstream.encrypted(certificate, script) : RawUpstream.running(script);
    }

    private SSLSocket connected(int port, String tlsVersion, String... protocols) throws Exception {
        SSLSocket socket = (SSLSocket) ca.trusted().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {tlsVersion});
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** A client whose WebSocket was granted. */
    private SSLSocket granted(int port, String tlsVersion) throws Exception {
        SSLSocket socket = connected(port, tlsVersion, "http/1.1");
        socket.getOutputStream().write(Bytes.of(ASKED));
        assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!Bytes.text(head.toByteArray()).endsWith("\r\n\r\n")) {
            int b = in.read();
            assertThat(b).as("the end of the head").isNotNegative();
            head.write(b);
        }
        return Bytes.text(head.toByteArray());
    }

    private static double tunnels(TestEdge edge) {
        return edge.registry().find("banyan.tunnels").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"JDK,TLSv1.2,false", "JDK,TLSv1.3,true", "BORINGSSL,TLSv1.2,true", "BORINGSSL,TLSv1.3,false"})
    void a_mebibyte_goes_there_and_back(TlsProvider provider, String version, boolean upstreamEncrypted)
            throws Exception {
        byte[] sent = new byte[MIB];
        new Random(7).nextBytes(sent);
        try (RawUpstream rails = upstream(upstreamEncrypted, ECHO);
                TestEdge edge = edge(provider, rails, upstreamEncrypted);
                SSLSocket client = granted(edge.tlsPort(), version)) {

            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.getOutputStream().write(sent);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] received = client.getInputStream().readNBytes(MIB);

            assertThat(received).isEqualTo(sent);
            sending.get();
            assertThat(rails.heads().get(0)).contains("\r\nX-Forwarded-Proto: https\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void close_codes_of_either_side_reach_the_other_between_a_client_and_a_server_that_others_wrote(
            TlsProvider provider) throws Exception {
        try (WebSocketEcho echo = new WebSocketEcho();
                TestEdge edge = edge(provider, "url: \"http://127.0.0.1:%d\"".formatted(echo.port()))) {

            WebSocket leaving = open(edge, new Closing());
            leaving.sendText("hello", true).get(20, TimeUnit.SECONDS);
            leaving.sendClose(4001, "client leaves").get(20, TimeUnit.SECONDS);
            Closing left = new Closing();
            WebSocket told = open(edge, left);
            told.sendText("close 4002 server leaves", true).get(20, TimeUnit.SECONDS);

            assertThat(left.came.get(20, TimeUnit.SECONDS)).isEqualTo("4002 server leaves");
            assertThat(echo.closes()).contains("4001 client leaves");
            Await.until(() -> tunnels(edge) == 0);
        }
    }

    private WebSocket open(TestEdge edge, WebSocket.Listener listener) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(ca.trusted())
                .build()
                .newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + edge.tlsPort() + "/"), listener)
                .get(20, TimeUnit.SECONDS);
    }

    private static final class Closing implements WebSocket.Listener {
        private final CompletableFuture<String> came = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String why) {
            came.complete(code + " " + why);
            return CompletableFuture.completedStage(null);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void who_offers_h2_as_well_gets_h2_and_who_does_not_offer_it_a_websocket(TlsProvider provider) throws Exception {
        try (RawUpstream rails = RawUpstream.running(ECHO);
                TestEdge edge = edge(provider, rails, false);
                SSLSocket both = connected(edge.tlsPort(), "TLSv1.3", "h2", "http/1.1");
                SSLSocket neither = connected(edge.tlsPort(), "TLSv1.3")) {

            assertThat(both.getApplicationProtocol()).isEqualTo("h2");
            assertThat(neither.getApplicationProtocol()).isEmpty();
            neither.getOutputStream().write(Bytes.of(ASKED + "ping"));
            assertThat(head(neither.getInputStream())).startsWith("HTTP/1.1 101 ");
            assertThat(neither.getInputStream().readNBytes(4)).isEqualTo(Bytes.of("ping"));
        }
    }

    /** By close_notify alone: the client's connection stays open until it has been answered (RFC 8446, 6.1). */
    @ParameterizedTest
    @CsvSource({"JDK,TLSv1.2", "JDK,TLSv1.3", "BORINGSSL,TLSv1.2", "BORINGSSL,TLSv1.3"})
    void the_end_of_what_the_client_sends_is_passed_on_behind_its_last_words(TlsProvider provider, String version)
            throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    got.complete(Bytes.text(connection.input().readAllBytes()));
                });
                TestEdge edge = edge(provider, rails, false);
                FaultProxy between = FaultProxy.to(edge.tlsPort()).requests(Fault.withoutEnd());
                SSLSocket client = granted(between.port(), version)) {

            client.getOutputStream().write(Bytes.of("last words"));
            client.shutdownOutput();

            assertThat(got.get(20, TimeUnit.SECONDS)).isEqualTo("last words");
            Await.until(() -> tunnels(edge) == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"JDK,false", "JDK,true", "BORINGSSL,false", "BORINGSSL,true"})
    void the_end_of_what_the_upstream_sends_is_told_by_close_notify_behind_its_last_words(
            TlsProvider provider, boolean upstreamEncrypted) throws Exception {
        try (RawUpstream rails = upstream(upstreamEncrypted, connection -> {
                    connection.readHead();
                    connection.write(GRANTED + "last words");
                    connection.shutdownOutput();
                    connection.input().readAllBytes();
                });
                TestEdge edge = edge(provider, rails, upstreamEncrypted);
                SSLSocket client = granted(edge.tlsPort(), "TLSv1.3")) {

            // The JDK's socket throws at an end without close_notify.
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Bytes.of("last words"));
            client.shutdownOutput();

            Await.until(() -> tunnels(edge) == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"JDK,true", "BORINGSSL,false"})
    void one_side_that_is_cut_off_takes_the_other_with_it(TlsProvider provider, boolean upstreamEncrypted)
            throws Exception {
        CompletableFuture<Void> freed = new CompletableFuture<>();
        try (RawUpstream rails = upstream(upstreamEncrypted, connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    try {
                        connection.input().readAllBytes();
                    } finally {
                        freed.complete(null);
                    }
                });
                TestEdge edge = edge(provider, rails, upstreamEncrypted);
                FaultProxy between = FaultProxy.to(edge.tlsPort());
                SSLSocket client = granted(between.port(), "TLSv1.3")) {
            assertThat(client.isConnected()).isTrue();

            between.cut(); // without close_notify

            freed.get(20, TimeUnit.SECONDS);
            Await.until(() -> tunnels(edge) == 0 && Gauges.open(edge) == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"JDK,TLSv1.2,true", "JDK,TLSv1.3,false", "BORINGSSL,TLSv1.2,false", "BORINGSSL,TLSv1.3,true"})
    void a_stop_tells_both_sides_1001(TlsProvider provider, String version, boolean upstreamEncrypted)
            throws Exception {
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (RawUpstream rails = upstream(upstreamEncrypted, connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    got.complete(connection.input().readAllBytes());
                });
                TestEdge edge = edge(provider, rails, upstreamEncrypted);
                SSLSocket client = granted(edge.tlsPort(), version)) {

            edge.plane().close();

            assertThat(client.getInputStream().readAllBytes()).isEqualTo(GOING_AWAY);
            byte[] close = got.get(20, TimeUnit.SECONDS);
            assertThat(close).hasSize(8).startsWith(0x88, 0x82);
            assertThat((close[6] ^ close[2]) & 0xff).isEqualTo(0x03);
            assertThat((close[7] ^ close[3]) & 0xff).isEqualTo(0xe9);
        }
    }
}
